/** A build as it is watched: its log, its keys, and what a lost line does to it. */
import type { Page } from '@playwright/test';
import { dialog, expect, test } from './fixtures';
import { Line } from './line';
import { tellTheStory } from './story';
import { APP, ask, createEnvironment, devRuns, environment, push, repositoryFile, slowly, startPromotion } from './world';

const SECONDS = 8;
const fresh = () => `b${Date.now().toString(36)}`;
let handler: string;

test.beforeAll(async () => {
  await tellTheStory();
  handler = repositoryFile('handler.py');
  const sha = push('Warm up first', { 'handler.py': slowly(handler, SECONDS) });
  await expect.poll(async () => (await environment('dev')).contentCommit.sha, { timeout: 120_000 }).toBe(sha);
});
test.afterAll(() => devRuns(push('No need to warm up', { 'handler.py': handler })));

const log = (page: Page) => page.getByRole('log', { name: 'Build log' });
const numbers = (page: Page) => log(page).getByRole('link', { name: /^Line / }).allInnerTexts();

test('after a lost line the log goes on under a thin rule, with every line once', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  const line = await Line.of(page);
  const id = await startPromotion('dev', name);
  await page.goto(`/${APP}/e/${name}/deployments/${id}`);
  await expect(log(page)).toContainText('warming up 1', { timeout: 120_000 });

  await line.cut();
  await expect(page.getByRole('status', { name: 'Connection' })).toContainText('Connection lost. Reconnecting…');
  line.mend();

  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Deployed', { timeout: 120_000 });
  await expect(log(page)).toContainText(`warming up ${SECONDS - 1}`);
  const all = await numbers(page);
  expect(all).toEqual(all.map((_, index) => String(index + 1)));
  await expect(log(page).locator('[data-resumed]')).toHaveCount(1);
});

test('a promotion that is closed goes on; settings say that it runs, and how it ended is told', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  const sha = push('Warm up once more', { 'handler.py': slowly(`# ${name}\n${handler}`, SECONDS) });
  await expect.poll(async () => (await environment('dev')).contentCommit.sha, { timeout: 120_000 }).toBe(sha);
  await page.goto(`/${APP}/e/${name}/deployments?dialog=promote&source=dev`);
  await dialog(page, `Promote to ${name}`).getByRole('button', { name: `Promote to ${name}` }).click();
  const progress = dialog(page, 'Promotion');
  await expect(progress).toContainText('Closing does not cancel the promotion.');
  await progress.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('tab', { name: 'Settings' }).click();
  const badge = page.getByRole('region', { name: 'Environment' }).getByRole('status', { name: 'Deployment' });
  await expect(badge).toContainText('Deploying…');
  const told = page.getByRole('status', { name: 'Notifications' });
  await expect(told).toContainText(`Deployed v1 to ${name}.`, { timeout: 120_000 });
  await expect(badge).toBeEmpty();
  await told.getByRole('link', { name: 'View' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Deployment ${sha.slice(0, 7)}` })).toBeVisible();
});

test('keys follow the log, find in it and lead to its ends, and a line has an address', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 420 });
  await page.goto(`/${APP}/e/staging/deployments/${await firstBuilt('staging')}`);
  await expect(log(page)).toContainText('Importing handler.py');
  const last = (await numbers(page)).length;
  const follow = page.getByRole('switch', { name: 'Follow' });
  await expect(follow).toBeChecked();
  await page.keyboard.press('f');
  await expect(follow).not.toBeChecked();

  await page.keyboard.press('/');
  const find = page.getByRole('searchbox', { name: 'Find in log' });
  await expect(find).toBeFocused();
  await page.keyboard.type('importing');
  const found = page.getByRole('status', { name: 'Found' });
  await expect(found).toHaveText(/^\d+ found$/);
  await page.keyboard.press('Enter');
  await expect(found).toHaveText(/^1 of \d+$/);
  await expect(log(page).locator('[data-shown]')).toContainText('Importing');

  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+G');
  await expect(follow).toBeChecked();
  await expect(log(page)).toBeFocused();
  await page.keyboard.press('g');
  await expect(follow).not.toBeChecked();
  expect(await log(page).evaluate((element) => element.scrollTop)).toBe(0);

  await log(page).getByRole('link', { name: `Line ${last}`, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`#L${last}$`));
  await page.reload();
  await expect(log(page).locator('[data-linked]')).toHaveAttribute('id', `L${last}`);
});

/** The first deployment of an environment that was built for it. */
async function firstBuilt(name: string): Promise<string> {
  const found = await ask(
    `query ($app: String!, $name: String!) { environment(app: $app, name: $name) {
       deployments(first: 100, filter: { status: DEPLOYED }) { nodes { id codeBuild { status } } } } }`,
    { app: APP, name },
  );
  const built = found.environment.deployments.nodes.filter(
    ({ codeBuild }: { codeBuild: { status: string } }) => codeBuild.status === 'DEPLOYED',
  );
  return built.at(-1).id;
}
