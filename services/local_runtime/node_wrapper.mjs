// Serves a Node handler over HTTP on a Unix socket. Runs inside the sandbox.
//
// Runs alone, as a program, on nothing but Node itself: `node_wrapper.mjs ORDERS`, one JSON
// object. `GET /health` answers once the handler has been imported, `GET /drain` once no call is
// in progress, `POST /execute` takes a signed `{type, data}` and calls the default export. What a
// handler prints goes to the runtime's log, and so does the stack of what it throws.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const EVENT_TYPES = ["prompt-run", "dataset-run", "get-evals"];
const SIGNATURE = "x-agentmark-signature-256";
const WAITING = 1024;
const SETTLE_MILLISECONDS = 50;

const orders = JSON.parse(process.argv[2]);
const secret = process.env.PINMARK_RUNTIME_SECRET;
delete process.env.PINMARK_RUNTIME_SECRET;
delete process.env.PINMARK_REPORT_MARK;
process.argv.splice(1, Infinity, orders.bundle);

/** A call that is answered without the handler. */
class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.refused = status;
  }
}

class TimeOver extends Error {}

let inProgress = 0;
let running = 0;
const waiting = [];
const untilIdle = [];

function enter() {
  inProgress += 1;
}

function leave() {
  inProgress -= 1;
  if (inProgress === 0) untilIdle.splice(0).forEach((resolve) => resolve());
}

async function takeSlot() {
  if (running < orders.calls) running += 1;
  else await new Promise((resolve) => waiting.push(resolve));
}

function freeSlot() {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > orders.body_bytes) {
      throw new Refused(413, `The body is larger than ${orders.body_bytes} bytes.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function readEvent(request, body) {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(request.headers[SIGNATURE] ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Refused(401, "The signature does not fit the body.");
  }
  let event;
  try {
    event = JSON.parse(body.toString());
  } catch {
    throw new Refused(400, "The body must be a JSON object with a type.");
  }
  if (!EVENT_TYPES.includes(event?.type)) {
    throw new Refused(400, `Unknown event type: ${String(event?.type).slice(0, 100)}`);
  }
  return event;
}

/** The first to come of the work and the end of its time. */
async function inTime(work, deadline) {
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TimeOver()), Math.max(0, deadline - performance.now()));
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(error) {
  if (error instanceof Refused) return [error.refused, error.message];
  if (error instanceof TimeOver) {
    console.log(`a call was ended: it took longer than ${orders.seconds} seconds`);
    return [504, `The handler took longer than ${orders.seconds} seconds.`];
  }
  const status = error?.status;
  if (Number.isInteger(status) && status >= 400 && status < 500) return [status, error.message];
  console.error(error);
  return [500, "The handler failed."];
}

function respond(response, status, answer) {
  // A function or undefined has no JSON; a client is told null.
  const body = JSON.stringify(answer) ?? "null";
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  });
  response.end(body);
}

async function send(result, response, deadline) {
  const iterate = result?.[Symbol.asyncIterator] ?? streamed(result);
  if (!iterate) return respond(response, 200, result);
  const items = iterate.call(result);
  try {
    // The first is awaited before the answer begins, so that a refusal has its own status.
    let next = await inTime(items.next(), deadline);
    response.writeHead(200, {
      "Content-Type": "application/x-ndjson",
      "AgentMark-Streaming": "true",
      Connection: "close",
    });
    while (!next.done && !response.destroyed) {
      await line(response, next.value);
      next = await inTime(items.next(), deadline);
    }
    await line(response, { type: "done" });
    response.end();
  } finally {
    Promise.resolve(items.return?.()).catch((error) => console.error(error));
  }
}

/** A generator is a stream; an array or a string is an answer like any other. */
function streamed(result) {
  const iterates = typeof result?.next === "function" && result[Symbol.iterator];
  return iterates || undefined;
}

async function line(response, item) {
  if (response.destroyed) return;
  if (response.write(`${JSON.stringify(item) ?? "null"}\n`)) return;
  await new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}

async function execute(request, response) {
  if (inProgress >= WAITING) throw new Refused(503, "Too many calls are waiting.");
  enter();
  try {
    const event = readEvent(request, await readBody(request));
    await takeSlot();
    try {
      if (response.destroyed) return;
      const deadline = performance.now() + orders.seconds * 1000;
      const result = await inTime((async () => handler(event))(), deadline);
      await send(result, response, deadline);
    } finally {
      freeSlot();
    }
  } finally {
    leave();
  }
}

async function answer(request, response) {
  const asked = `${request.method} ${request.url}`;
  if (asked === "GET /health") return respond(response, 200, { status: "ok" });
  if (asked === "POST /execute") return execute(request, response);
  if (asked !== "GET /drain") throw new Refused(404, `There is no ${asked}.`);
  // Who connected before us is accepted by then.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS));
  if (inProgress > 0) await new Promise((resolve) => untilIdle.push(resolve));
  respond(response, 200, { status: "idle" });
}

async function answered(request, response) {
  try {
    await answer(request, response);
  } catch (error) {
    const [status, message] = explain(error);
    if (response.destroyed) return;
    if (!response.headersSent) return respond(response, status, { message });
    await line(response, { type: "error", message });
    response.end();
  }
}

async function importHandler() {
  try {
    return (await import(pathToFileURL(orders.bundle).href)).default;
  } catch (error) {
    console.error(error);
    console.error(`${orders.handler} does not import: ${error}`);
    process.exit(1);
  }
}

const handler = await importHandler();
// One call must not end the others; an exception outside of any call does end the process.
process.on("unhandledRejection", (error) => console.error("unhandled rejection:", error));
createServer({ requestTimeout: 0 }, answered).listen({ path: orders.socket, backlog: 1024 });
