// Imports a bundle in its own place and reports what happened. Runs inside the sandbox.
//
// Runs alone, as a program: `node_import_check.mjs BUNDLE HANDLER`. The outcome goes to the
// supervisor as one JSON line behind the mark; a process that ends without one did not import.

import { pathToFileURL } from "node:url";

const REASON_LENGTH = 500;
const NATIVE = /\.node\b|native (?:build|binding|addon)|bindings file/i;

// Kept from whatever the handler does to them.
const end = process.reallyExit.bind(process);
const write = process.stdout.write.bind(process.stdout);
const turn = setImmediate;
const mark = process.env.PINMARK_REPORT_MARK;
delete process.env.PINMARK_REPORT_MARK;
const [bundle, handler] = process.argv.slice(2);
process.argv.splice(1, Infinity, bundle);

function report(reason) {
  // The first mark ends whatever line the handler has left unfinished.
  write(`${mark}\n${mark}${JSON.stringify({ reason })}\n`);
  end(0); // timers and sockets the handler has opened must not keep the check waiting
}

function describe(error) {
  if (!(error instanceof Error)) return `it threw ${String(error).slice(0, REASON_LENGTH)}`;
  const text = `${error.name}: ${error.message}`.split("\n")[0].slice(0, REASON_LENGTH);
  if (/allocation failed/i.test(text)) return "it needs more memory than a build may use";
  return NATIVE.test(text) ? `${text} (a bundle cannot hold native addons)` : text;
}

/** The stack down to the last line that is not Node's or ours. */
function show(error) {
  const lines = String(error?.stack ?? error).split("\n");
  const ours = (line) => /^\s+at .*(?:node:internal|node_import_check\.mjs)/.test(line);
  console.error(lines.filter((line) => !ours(line)).join("\n"));
}

function fail(error) {
  let description = "it threw something that cannot be shown";
  try {
    show(error);
    description = describe(error);
  } finally {
    report(`${handler} does not import: ${description}`);
  }
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
try {
  const module = await import(pathToFileURL(bundle).href);
  if (!("default" in module)) report(`${handler} has no default export`);
  if (typeof module.default !== "function") {
    report(`${handler} has a default export that is not a function`);
  }
  // A promise that was rejected meanwhile, and that nobody waits for, would end a runtime.
  turn(() => report(null));
} catch (error) {
  fail(error);
}
