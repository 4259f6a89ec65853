/** The page never lies about being live. */
import { SIGNED_IN } from '../playwright.config';
import { expect, test } from './fixtures';
import { tellTheStory } from './story';
import { APP, createEnvironment, promote } from './world';

test.beforeAll(tellTheStory);

test('a lost socket is told, and what happened meanwhile is there once it is back', async ({ page }) => {
  const name = `l${Date.now().toString(36)}`;
  let isCut = false;
  const cut: (() => void)[] = [];
  await page.routeWebSocket('**/graphql', (socket) => {
    if (isCut) return void socket.close({ code: 1012, reason: 'cut' });
    const server = socket.connectToServer();
    cut.push(() => {
      void server.close();
      void socket.close({ code: 1012, reason: 'cut' });
    });
  });
  await page.goto(`/${APP}`);
  await expect.poll(() => cut.length).toBeGreaterThan(0);
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();

  isCut = true;
  for (const one of cut.splice(0)) one();
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Connection lost. Reconnecting…');
  await createEnvironment(name);
  await promote('staging', name);
  isCut = false;

  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Back online.', { timeout: 30_000 });
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('v1');
});

test('a second browser sees a change in under a second', async ({ page, browser }) => {
  const name = `q${Date.now().toString(36)}`;
  const second = await browser.newContext({ storageState: SIGNED_IN });
  const watching = await second.newPage();
  for (const one of [page, watching]) {
    await one.goto(`/${APP}`);
    await expect(one.getByRole('table', { name: 'Environments' })).toBeVisible();
  }
  await watching.evaluate((name) => {
    const found = () => document.querySelector('.sidebar')?.textContent?.includes(name);
    const seen = { at: 0 };
    (window as never as { seen: typeof seen }).seen = seen;
    new MutationObserver(() => {
      if (!seen.at && found()) seen.at = Date.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, name);

  await page.getByRole('button', { name: 'New environment' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Environment created' }).waitFor();
  const done = Date.now();
  const seenAt = () => watching.evaluate(() => (window as never as { seen: { at: number } }).seen.at);
  await expect.poll(seenAt).toBeGreaterThan(0);

  expect((await seenAt()) - done).toBeLessThan(1_000);
  await second.close();
});

test('what another person does is seen without a reload', async ({ page }) => {
  const name = `s${Date.now().toString(36)}`;
  await page.goto(`/${APP}`);
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();
  await createEnvironment(name);

  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('no-pin');
});
