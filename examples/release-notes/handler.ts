/**
 * Notes for a release: prompts in, a plan and a text out, without leaving the machine.
 *
 * The default export answers three kinds of event: `prompt-run` renders a prompt for one release
 * and answers it, `dataset-run` does so for every line of a dataset and compares with what was
 * expected, `get-evals` lists what is compared. Rules stand in for the model: the same changes
 * always make the same release, so a promotion can be checked line by line.
 */

import { readFile } from "node:fs/promises";
import semver from "semver";

type Level = "major" | "minor" | "patch";
type Release = { product: string; previous: string; changes: string[] };
type Plan = { level: Level; version: string; sections: Record<string, string[]> };
type Message = { role: string; content: string };
type Event = { type?: string; data?: Record<string, unknown> };

const CONTENT = new URL("./agentmark/", import.meta.url);
const NAME = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)*$/;
const CHANGE = /^(?<type>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<breaks>!)?: (?<text>.+)$/;
const EVALS = ["level", "version"] as const;
const HEADINGS: Record<string, string> = { feat: "New", fix: "Fixed", perf: "Faster" };

/** The event cannot be answered as it was sent; the message is for whoever sent it. */
class BadEvent extends Error {
  readonly status = 400;
}

export default async function handler(event: Event) {
  const data = event.data ?? {};
  if (typeof data !== "object" || Array.isArray(data)) throw new BadEvent("data must be an object");
  switch (event.type) {
    case "prompt-run":
      return runPrompt(data.prompt ?? "releases/notes", data.input);
    case "dataset-run":
      return runDataset(data.dataset ?? "releases/releases");
    case "get-evals":
      return { type: "evals", result: EVALS };
    default:
      throw new BadEvent(`Unknown event type: ${event.type}`);
  }
}

/** The prompt rendered for this release, and the answer to it. */
async function runPrompt(name: unknown, input: unknown) {
  const release = checked(input);
  const plan = planOf(release);
  const { settings, messages } = await render(name, { props: release, plan });
  const answer = { prompt: settings.name, model: settings.model_name, messages };
  return "object_config" in settings
    ? { ...answer, type: "object", result: plan }
    : { ...answer, type: "text", result: notesOf(release, plan) };
}

/** Every line of the dataset, beside what was expected of it. */
async function runDataset(name: unknown) {
  const lines = (await read(name, ".jsonl")).split("\n").filter(Boolean);
  const result = lines.map((line) => {
    const { input, expected_output } = JSON.parse(line);
    const actual_output = planOf(checked(input));
    const evals = Object.fromEntries(
      EVALS.map((key) => [key, actual_output[key] === expected_output[key]]),
    );
    return { input, expected_output, actual_output, evals };
  });
  const passed = result.filter(({ evals }) => Object.values(evals).every(Boolean)).length;
  return { type: "dataset", result, passed, total: result.length };
}

/** The level that the changes ask for, the version it leads to, and the changes worth telling. */
function planOf({ previous, changes }: Release): Plan {
  const sections: Plan["sections"] = {};
  let level: Level = "patch";
  for (const change of changes) {
    const { type, breaks, text = change } = CHANGE.exec(change)?.groups ?? {};
    if (breaks) level = "major";
    else if (type === "feat" && level === "patch") level = "minor";
    const heading = breaks ? "Changed" : HEADINGS[type ?? ""];
    if (heading) (sections[heading] ??= []).push(text);
  }
  const version = semver.inc(previous, level);
  if (version === null) throw new BadEvent(`input.previous is not a version: ${previous}`);
  return { level, version, sections };
}

function notesOf({ product }: Release, { version, sections }: Plan): string {
  const parts = Object.entries(sections).map(
    ([heading, changes]) => `${heading}\n${changes.map((change) => `- ${change}`).join("\n")}`,
  );
  return [`${product} ${version}`, ...parts].join("\n\n");
}

/** Refuses what `schemas/release.json` does not describe. */
function checked(input: unknown): Release {
  if (typeof input !== "object" || input === null) throw new BadEvent("input must be an object");
  const { product, previous, changes, ...others } = input as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown) throw new BadEvent(`input.${unknown} is not known`);
  if (typeof product !== "string") throw new BadEvent("input.product must be a string");
  if (typeof previous !== "string") throw new BadEvent("input.previous must be a string");
  if (!Array.isArray(changes) || !changes.every((change) => typeof change === "string")) {
    throw new BadEvent("input.changes must be a list of strings");
  }
  return { product, previous, changes };
}

/** A prompt's settings, and its messages with components and values put in. */
async function render(name: unknown, context: Record<string, object>) {
  const [, frontMatter = "", ...rest] = (await read(name, ".prompt.mdx")).split("---\n");
  let body = rest.join("---\n");
  for (const [, component, path] of body.matchAll(/^import (\w+) from "(.+)"$/gm)) {
    const text = await readFile(new URL(path!, new URL(`${name}`, CONTENT)), "utf8");
    body = body.replaceAll(`<${component} />`, () => text.trim());
  }
  const messages = [...body.matchAll(/<(System|User)>\n(.*?)\n<\/\1>/gs)].map(
    ([, role, text]): Message => ({ role: role!.toLowerCase(), content: filled(text!, context) }),
  );
  return { settings: plainSettings(frontMatter), messages };
}

/** The text with each `{name.key}` replaced; a list becomes lines. */
function filled(text: string, context: Record<string, object>): string {
  return text.replace(/\{(\w+)\.(\w+)\}/g, (whole, name: string, key: string) => {
    const value = (context[name] as Record<string, unknown> | undefined)?.[key];
    if (value === undefined) throw new Error(`${whole} is not known`);
    return Array.isArray(value) ? value.map((each) => `- ${each}`).join("\n") : String(value);
  });
}

/** The keys of the front matter that hold one plain value, and the names of the others. */
function plainSettings(frontMatter: string): Record<string, string | undefined> {
  const lines = [...frontMatter.matchAll(/^ *(\w+):(?: +(.+))?$/gm)];
  return Object.fromEntries(lines.reverse().map(([, name, value]) => [name!, value]));
}

/** A content file, as it is at this moment: a push of content needs no build. */
async function read(name: unknown, suffix: string): Promise<string> {
  if (typeof name !== "string" || !NAME.test(name)) throw new BadEvent(`No such file: ${name}`);
  try {
    return await readFile(new URL(`${name}${suffix}`, CONTENT), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new BadEvent(`No such file: ${name}`);
  }
}
