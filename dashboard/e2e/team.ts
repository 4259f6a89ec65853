/** Two weeks of a team: what the pictures show. It is lived in minutes, and then dated back. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ask, base, createEnvironment, devRuns, environment, promote, push, repositoryFile } from './world';
import { createServiceToken, furnish, PIPELINE } from './furnish';

const python = process.env.PINMARK_PYTHON ?? '../.venv/bin/python';
const HOUR = 3_600_000;
const TRIAGE = 'agentmark/support/triage.prompt.mdx';
const REPLY = 'agentmark/support/reply.prompt.mdx';
const SUMMARY = 'agentmark/support/summary.prompt.mdx';
const DATASET = 'agentmark/support/triage-data.jsonl';
const TONE = 'agentmark/components/tone.mdx';

type Person = 'Maya' | 'Tomas' | 'Priya' | 'Jonas';
const AUTHORS = {
  Priya: 'Priya Nair <priya@fernhill.example>',
  Jonas: 'Jonas Weber <jonas@fernhill.example>',
};

export async function liveTwoWeeks(): Promise<void> {
  if (await environment('prod')) return;
  await devRuns();
  const began = Date.now();
  const secrets = JSON.parse(await program('tests.e2e.people')) as Record<Person, string>;
  const tokens = new Map<Person, string>();
  const chapters: [string, number][] = [];
  let now = 0;

  /** What follows happened so many hours ago. */
  function hoursAgo(hours: number): void {
    now = hours;
    chapters.push([new Date(chapters.length === 0 ? began - HOUR / 4 : Date.now()).toISOString(), hours * 3600]);
  }
  async function as(person: Person): Promise<string> {
    const known = tokens.get(person) ?? (await accessToken(secrets[person]));
    tokens.set(person, known);
    return known;
  }
  async function write(who: keyof typeof AUTHORS, message: string, files: Record<string, string>): Promise<void> {
    await devRuns(push(message, files, { author: AUTHORS[who], at: new Date(Date.now() - now * HOUR) }));
  }

  hoursAgo(311.4);
  await createEnvironment('staging');
  await promote('dev', 'staging', 'A first cut for the support team to try.', await as('Priya'));
  hoursAgo(290.2);
  await createEnvironment('prod');
  await promote('staging', 'prod', 'Go-live. Signed off by support in #releases.', await as('Tomas'));
  await furnish();
  const nightly = await createServiceToken('Nightly promotion', PIPELINE);
  hoursAgo(243.7);
  await write('Jonas', 'Sound less like a robot in the first answer', {
    [TONE]: `${repositoryFile(TONE)}Say what you will do before you ask for anything.\n`,
  });
  await promote('dev', 'staging', 'Softer tone, checked on the ten tickets of the dataset.', await as('Priya'));
  hoursAgo(219.1);
  await promote('staging', 'prod', 'Release 14', await as('Tomas'));
  hoursAgo(166.3);
  await write('Priya', 'Sum up long threads for whoever takes over', { [SUMMARY]: summaryOf(5) });
  await promote('dev', 'staging', 'Summaries, for the night shift to try first.', await as('Priya'));
  hoursAgo(124.5);
  const handler = repositoryFile('handler.py');
  const asking = handler.replace('import pystache\n', 'import pystache\nimport rota\n');
  push('Ask the on-call rota who is awake', { 'handler.py': asking }, { author: AUTHORS.Jonas, at: ago(124.5) });
  await devHasTried('Ask the on-call rota who is awake');
  await promote('dev', 'staging', undefined, await as('Priya'));
  hoursAgo(123.9);
  await write('Jonas', 'Leave the rota out until it has an address', { 'handler.py': handler });
  hoursAgo(98.6);
  await promote('staging', 'prod', 'Release 15: summaries of long threads', await as('Tomas'));
  hoursAgo(95.2);
  await rollBack('prod', 2, 'Summaries drop the last message. Back to 14 until that is fixed.', await as('Maya'));
  hoursAgo(71.8);
  await write('Priya', 'Keep the last message in a summary', { [SUMMARY]: summaryOf(8) });
  await promote('dev', 'staging', 'The fix for #482: the last message is always kept.', await as('Priya'));
  hoursAgo(49.5);
  await promote('staging', 'prod', 'Release 16: summaries again, with the last message', await as('Tomas'));
  hoursAgo(27.3);
  const routed = handler.replace(
    '("outage", "on-call", ("503", "500 since", "is down", "outage", "unreachable")),',
    '("outage", "on-call", ("503", "500 since", "is down", "outage", "unreachable", "timeout")),\n' +
      '    ("security", "on-call", ("phishing", "leaked", "someone else is in")),',
  );
  await write('Jonas', 'Route security reports to on-call first', { 'handler.py': routed });
  await promote('dev', 'staging', 'Nightly', nightly);
  hoursAgo(5.2);
  await write('Priya', 'Word the refund answer by plan', {
    [REPLY]: repositoryFile(REPLY).replace(
      'urgency, and the {triage.queue} queue takes it.',
      'urgency, and the {triage.queue} queue takes it.\n\nOn the free plan, point to the refund form. On all others, offer to file it for them.',
    ),
    [TRIAGE]: repositoryFile(TRIAGE).replace(
      'money or data is at risk, low when nobody waits.',
      'money or data is at risk, low when nobody waits. A refund under dispute is never low.',
    ),
  });
  hoursAgo(0.7);
  await write('Jonas', 'Add two tickets about refunds to the dataset', {
    [DATASET]: `${repositoryFile(DATASET).trimEnd()}\n${REFUNDS.map((one) => JSON.stringify(one)).join('\n')}\n`,
  });
  hoursAgo(0.4);
  await createEnvironment('eu');
  hoursAgo(0);
  await program('tests.e2e.aging', JSON.stringify(chapters));
}

const ago = (hours: number) => new Date(Date.now() - hours * HOUR);

/** A program of the server's side, on its data. */
async function program(module: string, input = ''): Promise<string> {
  const running = promisify(execFile)(python, ['-m', module], {
    cwd: '..',
    env: { ...process.env, PINMARK_DATA_DIR: process.env.PINMARK_DATA_DIR ?? '.pinmark' },
  });
  running.child.stdin!.end(input);
  return (await running).stdout.trim();
}

/** A token of who has this session, made as their browser would. */
async function accessToken(session: string): Promise<string> {
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { cookie: `pinmark_session=${session}`, origin: base, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation { createAccessToken(input: { name: "laptop" }) {
        ... on CreateAccessTokenSuccess { plaintext } } }`,
    }),
  });
  const { data, errors } = (await answer.json()) as { data?: any; errors?: unknown };
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createAccessToken.plaintext;
}

async function rollBack(name: string, version: number, note: string, as: string): Promise<void> {
  const { id } = await environment(name);
  await ask(
    `mutation ($input: RollbackEnvironmentInput!) { rollbackEnvironment(input: $input) { __typename } }`,
    { input: { environmentId: id, version, note } },
    as,
  );
  while ((await environment(name)).deploying) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Until dev has built this commit, well or not. */
async function devHasTried(message: string): Promise<void> {
  for (;;) {
    const { environment: dev } = await ask(
      `query { environment(app: "support-triage", name: "dev") {
         deployments(first: 1) { nodes { status commit { message } } } } }`,
    );
    const [latest] = dev.deployments.nodes;
    if (latest?.commit.message.startsWith(message) && latest.status !== 'IN_PROGRESS') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const summaryOf = (lines: number) => `---
name: summary
description: Sums up a long thread for whoever takes it over.
text_config:
  model_name: openai/gpt-4o-mini
  temperature: 0.2
  max_tokens: ${lines * 40}
input_schema: ../schemas/ticket.json
---

import Tone from "../components/tone.mdx"

<System>
Sum up the thread in at most ${lines} lines: what was asked, what was tried, what is still open.
${lines > 5 ? 'Always keep the last message, word for word.\n' : ''}
<Tone />
</System>

<User>
{props.subject}

{props.body}
</User>
`;

const REFUNDS = [
  {
    input: {
      subject: 'Refund for the second seat',
      body: 'We were charged for a seat that we removed in April. Please refund the payment.',
      plan: 'team',
    },
    expected_output: { category: 'billing', urgency: 'normal', queue: 'finance' },
  },
  {
    input: {
      subject: 'Invoice 2077 was paid twice',
      body: 'Our bank shows the payment of invoice 2077 two times, and we need one back before Friday.',
      plan: 'enterprise',
    },
    expected_output: { category: 'billing', urgency: 'high', queue: 'finance' },
  },
];
