/** The product page's words, and what they do. */
import { dialog, expect, test } from './fixtures';
import { tellTheStory } from './story';
import { APP, createEnvironment, devRuns, environment, push, repositoryFile } from './world';

test.beforeAll(tellTheStory);
const fresh = () => `e${Date.now().toString(36)}`;

test('the dropdown shows every environment with its pin, and what one may do', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/deployments`);
  await page.getByRole('button', { name: /^Environment: staging · v\d+$/ }).click();
  const menu = page.getByRole('menu', { name: 'Environments' });

  await expect(menu.getByRole('menuitemradio', { name: 'dev' })).toHaveAccessibleDescription('default');
  await expect(menu.getByRole('menuitemradio', { name: 'prod' })).toHaveAccessibleDescription('v1');
  await expect(menu.getByRole('menuitemradio', { name: 'staging' })).toBeChecked();
  for (const name of ['New environment', 'Promote to staging', 'Roll back staging']) {
    await expect(menu.getByRole('menuitem', { name })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Environment:/ })).toBeFocused();
});

test('dev is no target', async ({ page }) => {
  await page.goto(`/${APP}/e/dev/deployments`);
  await page.getByRole('button', { name: /^Environment: dev/ }).click();
  await expect(page.getByRole('menuitem', { name: 'New environment' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /Promote/ })).toHaveCount(0);

  await page.goto(`/${APP}/e/dev/deployments?dialog=promote`);
  await expect(dialog(page, 'You can’t promote into dev')).toContainText('follows your branch');
});

test('an environment is created, and leads to its API key', async ({ page }) => {
  const name = fresh();
  await page.goto(`/${APP}?dialog=new-env`);
  const form = dialog(page, 'Create environment');
  const field = form.getByRole('textbox', { name: 'Name' });
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(/Lowercase letters, digits, and hyphens\. Must start with a letter\. 2–40 chars\./);

  await field.fill('Prod!');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('staging');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form).toContainText('An environment named staging already exists.');
  await field.fill(name);
  await page.keyboard.press('Enter');

  const created = dialog(page, 'Environment created');
  await expect(created).toContainText(name);
  await expect(created.getByRole('note')).toContainText('No API key was created automatically.');
  const link = created.getByRole('link', { name: 'Create an API key for this environment' });
  await expect(link).toHaveAttribute('href', `/${APP}/settings/api-keys?env=${name}`);
  await created.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByText(`Nothing has been promoted into ${name} yet.`)).toBeVisible();
});

test('a promotion that takes commits away says so', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/deployments?dialog=promote&source=prod`);
  await expect(dialog(page, 'Promote to staging')).toContainText(
    /staging runs (1 commit that prod does not have\. Promoting takes it|\d+ commits that prod does not have\. Promoting takes them) away\./,
  );
});

test('when dev moves while one looks, what was seen is not promoted', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/deployments?dialog=promote&source=dev`);
  const form = dialog(page, 'Promote to prod');
  const submit = form.getByRole('button', { name: 'Promote to prod' });
  await expect(submit).toBeEnabled();
  const sha = push('While somebody looks', { 'notes.txt': fresh() });
  await expect(form.getByRole('alert')).toContainText(`dev moved to ${sha.slice(0, 7)}.`);
  await expect(submit).toBeDisabled();
  await form.getByRole('button', { name: 'Use it' }).click();
  await expect(submit).toBeEnabled();
});

test('a kept build is used, and the step says so', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  await page.goto(`/${APP}/e/${name}/deployments?dialog=promote&source=prod`);
  const form = dialog(page, `Promote to ${name}`);
  await expect(form).toContainText('A kept build will be used: no code is built.');
  await form.getByRole('button', { name: `Promote to ${name}` }).click();
  await expect(dialog(page, 'Promotion').getByRole('list', { name: 'Steps' })).toContainText('Skipped (cached)', {
    timeout: 120_000,
  });
});

test('a promotion is previewed, started, watched and done', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  const handler = repositoryFile('handler.py');
  await devRuns(push('Say it again', { 'handler.py': `${handler}\n# ${name}\n` }));
  const sockets: unknown[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.goto(`/${APP}/e/${name}/deployments`);
  await page.getByRole('button', { name: `Promote to ${name}` }).first().click();

  const form = dialog(page, `Promote to ${name}`);
  await expect(form.getByRole('note', { name: 'Direction' })).toContainText(`Select source`);
  const submit = form.getByRole('button', { name: `Promote to ${name}` });
  await expect(submit).toBeDisabled();
  await form.getByRole('button', { name: /Source environment/ }).click();
  const sources = page.getByRole('listbox');
  await expect(sources.getByRole('option', { name: 'prod (v1)' })).toBeVisible();
  await expect(sources.getByRole('option', { name: new RegExp(`^${name} `) })).toHaveCount(0);
  await sources.getByRole('option', { name: 'dev (unpinned)' }).click();
  await expect(form.getByRole('note', { name: 'Direction' })).toContainText('dev');
  await expect(form.getByRole('region', { name: 'What will change' })).toContainText('v1');
  await form.getByRole('textbox', { name: 'Note (optional)' }).fill('For the test.');
  await submit.click();

  const progress = dialog(page, 'Promotion');
  await expect(progress.getByRole('list', { name: 'Steps' })).toContainText('Synced');
  await expect(progress).toContainText(/(Deploying|Deployed) version v1 at commit [0-9a-f]{7}/);
  await expect(progress.getByRole('status', { name: 'Promotion' })).toContainText('Deployed', { timeout: 120_000 });
  await progress.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('article').first()).toContainText('Success');
  expect((await environment(name)).pinLabel).toBe('v1');
  expect(sockets, 'one socket for all that is followed').toHaveLength(1);
});
