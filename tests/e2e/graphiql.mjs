/**
 * GraphiQL in a real browser, against a running server that has an app with a deployment.
 *
 *     npm --prefix dashboard run e2e
 *
 * PINMARK_URL is the server (http://127.0.0.1:8000), PINMARK_DATA_DIR the folder with owner.token
 * (.pinmark), PINMARK_SIGN_IN_LINK a link that it printed, CHROMIUM the browser (/usr/bin/chromium), SCREENSHOTS a folder to leave pictures in.
 * Ends with status 1 and the first broken promise.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const dashboard = createRequire(new URL('../../dashboard/package.json', import.meta.url));
const { chromium } = dashboard('playwright-core');

const server = process.env.PINMARK_URL ?? 'http://127.0.0.1:8000';
const folder = process.env.PINMARK_DATA_DIR ?? new URL('../../.pinmark', import.meta.url).pathname;
const token = readFileSync(`${folder}/owner.token`, 'utf8').trim();
const FIRST_VISIT_BYTES = 1_700_000;
const SUBSCRIPTION = 'subscription Watch($id: ID!) { deploymentProgress(id: $id) { cursor status } }';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // there is no network
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const seen = await watch(page);

  await it('is ready with the headers editor open, within its budget', async () => {
    await page.goto(`${server}/graphiql`);
    await editor(page, 'Operation Editor').getByText('owner.token').first().waitFor();
    await page.waitForLoadState('networkidle');
    assert.match(await text(page, 'Headers'), /"Authorization": "Bearer "/);
    assert.ok(seen.bytes <= FIRST_VISIT_BYTES, `the first visit took ${seen.bytes} bytes`);
    console.log(`  ${seen.bytes} bytes in ${seen.requests} requests`);
  });

  await it('answers the default query with the header typed', async () => {
    await write(page, 'Headers', `{ "Authorization": "Bearer ${token}" }`);
    await run(page);
    await answered(page, /"apps"/);
    assert.doesNotMatch(await text(page, 'Result Window'), /"errors"/);
    await picture(page, 'query');
  });

  await it('knows the schema once it may read it', async () => {
    await page.getByRole('button', { name: /documentation explorer/i }).click();
    await page.getByText('Root Types').waitFor();
    await page.getByRole('button', { name: /documentation explorer/i }).click();
  });

  await it('opens a linked subscription without running it, and streams it', async () => {
    const id = await latestDeployment();
    const search = new URLSearchParams({ query: SUBSCRIPTION, variables: JSON.stringify({ id }) });
    await page.goto(`${server}/graphiql?${search}`);
    await editor(page, 'Operation Editor').getByText('deploymentProgress').first().waitFor();
    assert.equal(seen.sockets.length, 0);
    await write(page, 'Headers', `{ "authorization": "Bearer ${token}", "X-Trace": "1" }`);
    await run(page);
    await answered(page, /"deploymentProgress"[^]*"status"/);
    assert.equal(seen.sockets.length, 1);
    assert.deepEqual(seen.sockets[0], {
      type: 'connection_init',
      payload: { Authorization: `Bearer ${token}`, 'X-Trace': '1' },
    });
    await picture(page, 'subscription');
  });

  await it('opens another socket for other headers', async () => {
    await answered(page, /"status": "(DEPLOYED|FAILED)"/);
    await stopped(page);
    await write(page, 'Headers', '{ "Authorization": "Bearer none" }');
    await run(page);
    await answered(page, /"errors"/);
    assert.equal(seen.sockets.length, 2);
    assert.equal(seen.sockets[1].payload.Authorization, 'Bearer none');
  });

  await it('keeps no token in the browser, neither in tabs nor in the history', async () => {
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.match(stored, /deploymentProgress/);
    assert.ok(!stored.includes(token), stored);
  });

  await it('sends a typed Authorization alone, and else the session of the viewer', async () => {
    await page.context().addCookies([{ name: 'session', value: 'mine', url: server }]);
    await page.goto(`${server}/graphiql?query=${encodeURIComponent('{ __typename }')}`);
    await editor(page, 'Operation Editor').getByText('__typename').first().waitFor();
    await page.waitForLoadState('networkidle');
    const session = await sent(page, () => run(page));
    assert.equal(session.cookie, 'session=mine');
    assert.equal(session.authorization, undefined);
    assert.equal(session.accept, 'application/graphql-response+json, application/json');

    await write(page, 'Headers', `{ "Authorization": "Bearer ${token}" }`);
    await page.waitForTimeout(1500); // the schema is read anew after a pause in typing
    const alone = await sent(page, () => run(page));
    assert.equal(alone.cookie, undefined);
    assert.equal(alone.authorization, `Bearer ${token}`);
  });

  await it('just works once the printed link was opened', async () => {
    await page.context().clearCookies();
    await page.goto(process.env.PINMARK_SIGN_IN_LINK);
    await picture(page, 'link');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${server}/apps`); // the dashboard, where nobody was yet
    const id = await latestDeployment();
    const search = new URLSearchParams({ query: SUBSCRIPTION, variables: JSON.stringify({ id }) });
    await page.goto(`${server}/graphiql?${search}`);
    await editor(page, 'Operation Editor').getByText('deploymentProgress').first().waitFor();
    const sockets = seen.sockets.length;
    await run(page);
    await answered(page, /"deploymentProgress"[^]*"status"/);
    assert.deepEqual(seen.sockets[sockets], { type: 'connection_init', payload: {} });
    await page.getByRole('button', { name: /documentation explorer/i }).click();
    await page.getByText('Root Types').waitFor(); // the schema was read by the session alone
    await picture(page, 'session');
  });

  await it('asked no other host for anything and met no policy', () => {
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  });
} finally {
  await browser.close();
}

async function it(promise, check) {
  try {
    await check();
  } catch (error) {
    error.message = `GraphiQL ${promise}: ${error.message}`;
    throw error;
  }
  console.log(`✓ ${promise}`);
}

/** Everything the page asks for, says on its console, and opens as a socket. */
async function watch(page) {
  const seen = { bytes: 0, requests: 0, foreign: [], complaints: [], sockets: [] };
  const ours = new URL(server).host;
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  network.on('Network.loadingFinished', (event) => {
    seen.bytes += event.encodedDataLength;
    seen.requests += 1;
  });
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== ours) {
      seen.foreign.push(request.url());
    }
  });
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('websocket', (socket) => {
    socket.once('framesent', ({ payload }) => seen.sockets.push(JSON.parse(payload)));
  });
  return seen;
}

function editor(page, label) {
  const section = page.locator(`section[aria-label="${label}"]`);
  return section.locator('.monaco-editor').locator('visible=true').first();
}

/** The editor's text, as shown; it writes spaces as no-break spaces. */
async function text(page, label) {
  const shown = await editor(page, label).locator('.view-lines').innerText();
  return shown.replaceAll('\u00a0', ' ');
}

async function write(page, label, value) {
  await page.getByRole('button', { name: label, exact: true }).click();
  await editor(page, label).locator('.view-lines').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(value);
  await page.keyboard.press('ControlOrMeta+Shift+End'); // the bracket the editor closed by itself
  await page.keyboard.press('Delete');
}

function run(page) {
  return page.getByRole('button', { name: /^execute/i }).click();
}

function stopped(page) {
  return page.getByRole('button', { name: /^execute/i }).waitFor();
}

async function answered(page, pattern) {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const shown = await text(page, 'Result Window');
    if (pattern.test(shown)) return;
    assert.ok(Date.now() < deadline, `${pattern} never came; there is: ${shown}`);
    await page.waitForTimeout(50);
  }
}

/** The headers of the next request to the API, as they went over the wire. */
async function sent(page, act) {
  const coming = page.waitForRequest((request) => new URL(request.url()).pathname === '/graphql');
  await act();
  return (await coming).allHeaders();
}

async function latestDeployment() {
  const query = '{ apps { nodes { environment(name: "dev") { deployments(first: 1) { nodes { id } } } } } }';
  const answer = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = await answer.json();
  return data.apps.nodes[0].environment.deployments.nodes[0].id;
}

async function picture(page, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
}
