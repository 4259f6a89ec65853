// Bundles a handler and everything it imports into one module. Runs inside the sandbox.
//
// Runs alone, as a program: `node_bundle.mjs BUNDLER CODE INTO HANDLER`. The outcome goes to the
// supervisor as one JSON line behind the mark.
//
// A bundle is one file at another place than its sources. Where a source asks for its own place
// it is told where that lies beside the bundle, so the bundle holds no absolute path and is the
// same bytes wherever it was made.

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, isAbsolute, join, relative, resolve, sep } from "node:path";

const mark = process.env.PINMARK_REPORT_MARK;
const [bundler, code, into, handler] = process.argv.slice(2);
const esbuild = createRequire(join(bundler, "package.json"))("esbuild");

const REASON_LENGTH = 500;
const MOST_WARNINGS = 20;
const ASKS_FOR_ITS_PLACE = /\bimport\.meta\b|\b__(?:dirname|filename)\b/;
const LOADERS = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".jsx": "jsx" };
// What CommonJS packages expect to be there, and the root that places are counted from.
const PREAMBLE = `\
import { createRequire as __pinmarkRequire } from "node:module";
import { fileURLToPath as __pinmarkPath } from "node:url";
const require = __pinmarkRequire(import.meta.url);
const __pinmarkCode = new URL("../code/", import.meta.url);`;
const PLACES = {
  "import.meta.url": "__pinmarkUrl",
  "import.meta.filename": "__pinmarkFile",
  "import.meta.dirname": "__pinmarkDirectory",
  __filename: "__pinmarkFile",
  __dirname: "__pinmarkDirectory",
};

function ownPlace(path) {
  const address = relative(code, path).split(sep).map(encodeURIComponent).join("/");
  return (
    `const __pinmarkUrl = new URL(${JSON.stringify(address)}, __pinmarkCode).href, ` +
    "__pinmarkFile = __pinmarkPath(__pinmarkUrl), " +
    '__pinmarkDirectory = __pinmarkPath(new URL(".", __pinmarkUrl)).replace(/(?<=.)\\/$/, ""); '
  );
}

const places = {
  name: "places",
  setup(build) {
    build.onLoad({ filter: /\.(?:[cm]?[jt]s|[jt]sx)$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!ASKS_FOR_ITS_PLACE.test(source)) return undefined;
      // On the first line, so that no line of a source map moves; after a hashbang.
      const [start] = /^(?:#!.*\n)?/.exec(source);
      const contents = start + ownPlace(path) + source.slice(start.length);
      return { contents, loader: LOADERS[extname(path)] ?? "js" };
    });
  },
};

const addons = {
  name: "addons",
  setup(build) {
    // One that was not compiled stays an import that fails, as its package may expect.
    build.onResolve({ filter: /^[./].*\.node$/ }, ({ path, resolveDir }) =>
      existsSync(resolve(resolveDir, path)) ? undefined : { path, external: true },
    );
    build.onLoad({ filter: /\.node$/ }, ({ path }) => ({
      errors: [{ text: `${relative(code, path)} is a native addon, which a bundle cannot hold` }],
    }));
  },
};

async function show(kind, messages) {
  const plain = messages.map((message) => ({ ...message, notes: [] }));
  for (const text of await esbuild.formatMessages(plain, { kind, color: false })) {
    console.log(text.trimEnd());
  }
}

function reasonOf({ text, location }) {
  const where = location ? ` (${location.file}, line ${location.line})` : "";
  const [, missing] = /^Could not resolve "(.+)"$/.exec(text) ?? [];
  const bare = missing && !missing.startsWith(".") && !isAbsolute(missing);
  const reason = `${handler} does not bundle: ${text}${where}`.slice(0, REASON_LENGTH);
  return bare ? `${reason} — is it in package.json?` : reason;
}

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: code,
    entryPoints: [join(code, handler)],
    outfile: join(code, "..", "bundle", "handler.mjs"),
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    sourcesContent: false,
    banner: { js: PREAMBLE },
    define: PLACES,
    plugins: [places, addons],
    logLevel: "silent",
  });
  await show("warning", result.warnings.slice(0, MOST_WARNINGS));
  for (const { path, contents } of result.outputFiles) {
    await writeFile(join(into, relative(join(code, "..", "bundle"), path)), contents);
  }
}

let reason = null;
try {
  await bundle();
} catch (error) {
  if (!error.errors?.length) throw error;
  await show("error", error.errors);
  reason = reasonOf(error.errors[0]);
}
process.stdout.write(`${mark}${JSON.stringify({ reason })}\n`);
