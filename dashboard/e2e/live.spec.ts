/** The page never lies about being live. */
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

test('a second browser sees a change in under a second', async ({ page }) => {
  await page.goto(`/${APP}`);
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();
  const waits: number[] = [];
  // A busy machine may be late once; a page that polls is late each time.
  while (waits.length < 5 && !waits.some((wait) => wait < 1_000)) {
    const name = `q${Date.now().toString(36)}`;
    const seen = page.evaluate(
      (sought) =>
        new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!document.querySelector('.sidebar')?.textContent?.includes(sought)) return;
            observer.disconnect();
            resolve(Date.now());
          });
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        }),
      name,
    );
    await createEnvironment(name);
    const done = Date.now();
    waits.push((await seen) - done);
  }
  expect(Math.min(...waits)).toBeLessThan(1_000);
});

test('what another person does is seen without a reload', async ({ page }) => {
  const name = `s${Date.now().toString(36)}`;
  await page.goto(`/${APP}`);
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();
  await createEnvironment(name);

  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('no-pin');
});
