/** What a page shows when it has nothing, may not, or cannot. */
import { type Page, test } from '@playwright/test';
import { both, everywhere, ready, readyAt } from './camera';
import { liveTwoWeeks } from './team';
import { at, shoot, SCHEMES } from './camera';
import { readOnly } from './world';

test.beforeAll(liveTwoWeeks);

test('no such environment', ({ page }) => both(page, 'not-found', () => ready(page, '/e/stagin/deployments')));
test('no such app', ({ page }) => both(page, 'not-found-app', () => readyAt(page, '/suport-triage')));

const DENIED = {
  'denied-promote': '/e/staging/deployments?dialog=promote',
  'denied-deployments': '/e/staging/deployments',
  'denied-audit': '/audit',
  'denied-api-keys': '/settings/api-keys',
};
for (const [name, path] of Object.entries(DENIED)) {
  test(name, async ({ page }) => {
    await readOnly(page);
    await both(page, name, () => ready(page, path));
  });
}

/** Every operation whose document this is fails, as if the server did not answer. */
async function without(page: Page, ...fields: string[]): Promise<void> {
  const hashes = new Map<string, string>();
  void hashes;
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    if (fields.some((field) => text.includes(`"${field}"`))) await route.abort();
    else await route.fulfill({ response: answer, body: text });
  });
}

test('an answer that does not come', async ({ page }) => {
  await without(page, 'timeline');
  await both(page, 'error-timeline', async () => {
    await page.goto(at('/e/prod/timeline'));
    await page.getByRole('alert').waitFor();
  });
});
test('a server that does not answer at all', async ({ page }) => {
  await page.route('**/graphql', (route) => route.abort());
  await both(page, 'error-app', async () => {
    await page.goto(at(''));
    await page.getByRole('alert').waitFor();
  });
});
test('waiting', async ({ page }) => {
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    if (text.includes('"environments"') && !text.includes('"deployments"')) await route.fulfill({ response: answer, body: text });
  });
  await both(page, 'waiting', async () => {
    await page.goto(at('/e/staging/deployments'));
    await page.locator('.skeleton').first().waitFor();
    await page.waitForTimeout(400);
  });
});
test('offline', async ({ page }) => {
  let cut: (() => void)[] = [];
  let isCut = false;
  await page.routeWebSocket('**/graphql', (socket) => {
    if (isCut) return void socket.close({ code: 1012 });
    const server = socket.connectToServer();
    cut.push(() => {
      void server.close();
      void socket.close({ code: 1012 });
    });
  });
  await everywhere(page, 'offline', async () => {
    isCut = false;
    await page.context().setOffline(false);
    await ready(page, '/e/staging/deployments');
    await page.waitForTimeout(500);
    isCut = true;
    for (const one of cut) one();
    cut = [];
    await page.context().setOffline(true);
    await page.getByText(/You’re offline/).waitFor();
  });
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.context().setOffline(false);
    isCut = false;
    await ready(page, '');
    await page.waitForTimeout(500);
    isCut = true;
    for (const one of cut) one();
    cut = [];
    await page.getByRole('button', { name: 'Reconnect now' }).waitFor();
    await shoot(page, `connection-lost-${scheme}`);
  }
});
