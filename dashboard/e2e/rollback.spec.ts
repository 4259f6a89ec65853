/** Going back, and making a failed one again. */
import { dialog, expect, test } from './fixtures';
import { tellTheStory } from './story';
import { APP, createEnvironment, devRuns, environment, promote, push, repositoryFile } from './world';

test.beforeAll(tellTheStory);
const fresh = (letter: string) => `${letter}${Date.now().toString(36)}`;

test('a rollback says what goes away, moves the pin, and makes no new number', async ({ page }) => {
  const name = fresh('r');
  await createEnvironment(name);
  await promote('prod', name, 'The first.');
  await promote('dev', name, 'The second.');

  await page.goto(`/${APP}/e/${name}/deployments`);
  await page.getByRole('button', { name: 'Roll back' }).click();
  const form = dialog(page, `Roll back ${name}`);
  await form.getByText('v1', { exact: true }).click();
  await expect(form.getByRole('radio', { name: /^v1 at/ })).toBeChecked();
  await expect(page).toHaveURL(/dialog=rollback&to=v1/);
  const change = form.getByRole('region', { name: 'What will change' });
  await expect(change).toContainText('v2 → v1');
  await expect(change.getByRole('list', { name: 'Taken away' })).toContainText('The second.');
  await expect(change).toContainText(`${name} will serve v1 again; the next promotion makes v3.`);
  await form.getByRole('textbox', { name: 'Note (optional)' }).fill('It was wrong.');
  await form.getByRole('button', { name: 'Roll back to v1' }).click();

  const progress = dialog(page, 'Rollback');
  await expect(progress.getByRole('status', { name: 'Rollback' })).toContainText('Deployed', { timeout: 120_000 });
  await expect(page).toHaveTitle(/^✓ /);
  await progress.getByRole('button', { name: 'Close' }).click();
  const card = page.getByRole('article').first();
  await expect(card).toContainText('Rollback');
  await expect(card).toContainText('It was wrong.');
  expect(await environment(name)).toMatchObject({ pinLabel: 'v1', currentVersion: 2 });
});

test('a version that was served is compared with what is served now', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/deployments`);
  const card = page.getByRole('article').filter({ hasText: 'First cut for the support team.' });
  await card.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Compare with current' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Compare staging v1 and staging' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText(/v\d+ → v1/);
  await expect(page.getByRole('row', { name: /removed Be brief\./ })).toBeVisible();
  await page.getByRole('button', { name: 'Roll back to v1' }).click();
  await expect(dialog(page, 'Roll back staging').getByRole('radio', { name: /^v1 at/ })).toBeChecked();

  await page.goto(`/${APP}/compare/staging@v99...staging`);
  await expect(page.getByText('No version v99 of staging')).toBeVisible();
});

test('with one version there is nothing to roll back to, and an address says so', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/deployments?dialog=rollback`);
  await expect(dialog(page, 'Roll back prod')).toContainText('nothing to roll back to');
  await page.goto(`/${APP}/e/dev/deployments?dialog=rollback`);
  await expect(dialog(page, 'You can’t roll back dev')).toContainText('follows your branch');
});

test('a failed promotion says what is served still, and Retry makes the second attempt', async ({ page }) => {
  const name = fresh('f');
  await createEnvironment(name);
  const handler = repositoryFile('handler.py');
  push('Ask for what is not there', { 'handler.py': `import missing_${name}\n${handler}` });
  await expect
    .poll(async () => (await environment('dev')).contentCommit.sha, { timeout: 120_000 })
    .toBe(push('And once more', { 'notes.txt': name }));
  await page.goto(`/${APP}/e/${name}/deployments?dialog=promote&source=dev`);
  await dialog(page, `Promote to ${name}`).getByRole('button', { name: `Promote to ${name}` }).click();
  const progress = dialog(page, 'Promotion');
  await expect(progress.getByRole('status', { name: 'Promotion' })).toContainText('Failed', { timeout: 120_000 });
  await expect(progress).toContainText(`${name} still serves nothing.`);
  await progress.getByRole('button', { name: 'Retry' }).click();
  await expect(progress.getByRole('button', { name: 'Retry' })).toBeHidden();
  await expect(progress.getByRole('status', { name: 'Promotion' })).toContainText('Failed', { timeout: 120_000 });
  await progress.getByRole('link', { name: 'View deployment' }).click();
  await expect(page.getByRole('definition').filter({ hasText: '2 of 2' })).toBeVisible();

  await devRuns(push('Without it', { 'handler.py': handler }));
  await promote('dev', name);
  await expect(page.getByRole('button', { name: 'Retry' })).toBeDisabled();
  await expect(page.getByText('v1 has deployed since.')).toBeVisible();
});
