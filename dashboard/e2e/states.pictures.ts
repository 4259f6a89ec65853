/** What a page shows when it has nothing, may not, or cannot; each in a browser of its own. */
import { type Page, test } from '@playwright/test';
import { at, both, everywhere, ready, readyAt } from './camera';
import { liveTwoWeeks } from './team';
import { readOnly } from './world';

test.beforeAll(liveTwoWeeks);

const NOT_THERE = { 'not-found': at('/e/stagin/deployments'), 'not-found-app': '/suport-triage' };
for (const [name, address] of Object.entries(NOT_THERE)) {
  test(name, async ({ page }) => {
    await readyAt(page, address);
    await both(page, name);
  });
}

test('denied', async ({ page }) => {
  await readOnly(page);
  for (const [name, path] of Object.entries({
    'denied-promote': '/e/staging/deployments?dialog=promote',
    'denied-acts': '/e/staging/deployments',
    'denied-audit': '/audit',
  })) {
    await ready(page, path);
    await both(page, name);
  }
});

test('signed out', async ({ page }) => {
  await page.context().clearCookies();
  await readyAt(page, '/login');
  await page.getByText('pinmark sign-in-link').waitFor();
  await everywhere(page, 'sign-in');
});

test('one answer does not come', async ({ page }) => {
  await answerOnly(page, (text) => !text.includes('"timeline"'));
  await page.goto(at('/e/prod/timeline'));
  await page.getByRole('alert').waitFor();
  await both(page, 'error-timeline');
});

test('no answer comes', async ({ page }) => {
  await answerOnly(page, () => false);
  await page.goto(at(''));
  await page.getByRole('alert').waitFor();
  await both(page, 'error-app');
});

test('waiting', async ({ page }) => {
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    if (!text.includes('"deployments"')) await route.fulfill({ response: answer, body: text });
  });
  await page.goto(at('/e/staging/deployments'));
  await page.locator('.skeleton').first().waitFor();
  await page.waitForTimeout(300); // they appear after 200 ms
  await everywhere(page, 'waiting');
});

test('the line is lost', async ({ page }) => {
  let isCut = false;
  const cut: (() => void)[] = [];
  await page.routeWebSocket('**/graphql', (socket) => {
    if (isCut) return void socket.close({ code: 1012 });
    const server = socket.connectToServer();
    cut.push(() => {
      void server.close();
      void socket.close({ code: 1012 });
    });
  });
  await ready(page, '/e/staging/deployments');
  while (cut.length === 0) await page.waitForTimeout(100);
  isCut = true;
  for (const one of cut) one();
  await page.getByRole('button', { name: 'Reconnect now' }).waitFor();
  await both(page, 'connection-lost');
  await page.context().setOffline(true);
  await page.getByText(/You’re offline/).waitFor();
  await everywhere(page, 'offline');
});

/** What does not pass is broken off, as by a server that went away. */
async function answerOnly(page: Page, passes: (text: string) => boolean): Promise<void> {
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    if (passes(text)) await route.fulfill({ response: answer, body: text });
    else await route.abort();
  });
}
