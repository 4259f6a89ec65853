/**
 * The running server that the specs drive, and what they do behind the browser's back.
 *
 * PINMARK_URL is the server, PINMARK_DATA_DIR its data directory, PINMARK_PROGRAM the command.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';

export const APP = 'support-triage';
export const base = process.env.PINMARK_URL ?? 'http://127.0.0.1:8000';
const data = process.env.PINMARK_DATA_DIR ?? '../.pinmark';
const program = process.env.PINMARK_PROGRAM ?? '../.venv/bin/pinmark';
const token = () => readFileSync(join(data, 'owner.token'), 'utf8').trim();

type Answer = Record<string, any>;

/** One operation with the owner's token, or with another. */
export async function ask(query: string, variables: object = {}, as = token()): Promise<Answer> {
  const answer = await fetch(`${base}/graphql`, {
    method: 'POST',
    // A push blocks this process for longer than the server keeps a line that nobody uses.
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data?: Answer; errors?: unknown };
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Press the button of a fresh one-time link, as a person does. */
export async function signIn(page: Page): Promise<void> {
  const printed = execFileSync(program, ['sign-in-link', '--url', base], {
    env: { ...process.env, PINMARK_DATA_DIR: data },
    encoding: 'utf8',
  });
  await page.goto(/http:\/\/\S+\/auth\/link\?token=\S+/.exec(printed)![0]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/auth'), { timeout: 120_000 });
}

export async function environment(name: string): Promise<Answer> {
  const { environment } = await ask(
    `query ($app: String!, $name: String!) { environment(app: $app, name: $name) {
       id pinLabel currentVersion pin { deployment { id } } deploying { id } codeCommit { sha } contentCommit { sha } } }`,
    { app: APP, name },
  );
  return environment;
}

export async function createEnvironment(name: string): Promise<void> {
  const { app } = await ask('query ($name: String!) { app(name: $name) { id } }', { name: APP });
  await ask(
    `mutation ($input: CreateEnvironmentInput!) { createEnvironment(input: $input) { __typename } }`,
    { input: { appId: app.id, name } },
  );
}

/** Promote and wait until it has settled; the deployment's id. */
export async function promote(source: string, target: string, note?: string, as?: string): Promise<string> {
  const id = await startPromotion(source, target, note, as);
  await settled(id);
  return id;
}

export async function startPromotion(source: string, target: string, note?: string, as?: string): Promise<string> {
  const [from, to] = await Promise.all([environment(source), environment(target)]);
  const { promoteEnvironment } = await ask(
    `mutation ($input: PromoteEnvironmentInput!) { promoteEnvironment(input: $input) {
       ... on PromoteEnvironmentSuccess { deployment { id } } ... on UserError { message } } }`,
    { input: { sourceId: from.id, targetId: to.id, note } },
    as,
  );
  if (!promoteEnvironment.deployment) throw new Error(promoteEnvironment.message);
  return promoteEnvironment.deployment.id;
}

export async function settled(id: string): Promise<void> {
  for (;;) {
    const { deployment } = await ask('query ($id: ID!) { deployment(id: $id) { status } }', { id });
    if (deployment.status !== 'IN_PROGRESS') return;
    await pause(200);
  }
}

/** Until dev serves this commit, its code too. */
export async function devRuns(sha?: string): Promise<void> {
  for (;;) {
    const { codeCommit, contentCommit } = await environment('dev');
    const { environment: dev } = await ask(
      `query ($app: String!) { environment(app: $app, name: "dev") { deployments(first: 1) { nodes { status } } } }`,
      { app: APP },
    );
    const isIdle = dev.deployments.nodes[0]?.status !== 'IN_PROGRESS';
    if (codeCommit && isIdle && (!sha || contentCommit?.sha === sha)) return;
    await pause(200);
  }
}

/** Commit files to the demo's repository and push; the new commit. */
export function push(
  message: string,
  files: Record<string, string>,
  { author = 'Ada Byron <ada@example.com>', at = new Date() } = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'pinmark-push-'));
  const [, name, email] = /^(.+) <(.+)>$/.exec(author)!;
  const env = { ...process.env, GIT_AUTHOR_DATE: at.toISOString(), GIT_COMMITTER_DATE: at.toISOString() };
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', env });
  git('clone', '--quiet', join(data, 'repositories', `${APP}.git`), '.');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git('add', '.');
  git('-c', `user.name=${name}`, '-c', `user.email=${email}`, 'commit', '--quiet', '-m', message);
  git('push', '--quiet');
  return git('rev-parse', 'HEAD').trim();
}

export function repositoryFile(path: string): string {
  return execFileSync('git', ['-C', join(data, 'repositories', `${APP}.git`), 'show', `HEAD:${path}`], {
    encoding: 'utf8',
  });
}

/** A handler that says something each second while it is imported, which every build does. */
export const slowly = (handler: string, seconds: number): string =>
  `import time\nfor second in range(${seconds}):\n    print(f"warming up {second}", flush=True)\n    time.sleep(1)\n${handler}`;

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The page is a member's who may only read; PINMARK_READER is the secret of their session. */
export async function readOnly(page: Page): Promise<void> {
  const secret = process.env.PINMARK_READER;
  if (!secret) throw new Error('PINMARK_READER is not set: `python -m tests.e2e.reader` prints one.');
  await page.context().clearCookies();
  await page.context().addCookies([{ name: 'pinmark_session', value: secret, url: base, httpOnly: true }]);
}
