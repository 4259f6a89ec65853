/** Without a pointer. */
import { dialog, expect, test } from './fixtures';
import { tellTheStory } from './story';
import { APP, createEnvironment } from './world';

test.beforeAll(tellTheStory);

test('the palette finds environments, acts, deployments and pages', async ({ page }) => {
  await page.goto(`/${APP}`);
  await page.getByRole('table', { name: 'Environments' }).waitFor();
  await page.keyboard.press('Control+k');
  const palette = dialog(page, 'Command palette');
  const field = palette.getByRole('combobox', { name: 'Search commands' });
  await expect(field).toBeFocused();
  await page.keyboard.type('promote stag');
  await expect(palette.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(dialog(page, 'Promote to staging')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('option').first()).toContainText('Promote to staging');
  await field.fill('v1 prod');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /^Deployment / })).toBeVisible();
});

test('single keys lead on, are told by “?”, and can be turned off', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/deployments`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  await heading('Deployments').waitFor();
  await page.keyboard.press('t');
  await expect(heading('What ran when')).toBeFocused();
  await page.keyboard.press('d');
  await expect(heading('Deployments')).toBeFocused();
  await page.keyboard.press('c');
  await expect(heading('Compare dev and staging')).toBeFocused();
  await page.goBack();
  await heading('Deployments').waitFor();
  await page.keyboard.press('e');
  await expect(page.getByRole('menu', { name: 'Environments' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await expect(dialog(page, 'Promote to staging')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('?');
  const help = dialog(page, 'Keyboard shortcuts');
  await help.getByRole('switch', { name: 'Single-key shortcuts' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await expect(heading('Deployments')).toBeVisible();
  await expect(page).toHaveURL(/deployments/);
});

test('a key that is typed into a field is only typed', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/timeline`);
  const at = page.getByRole('textbox', { name: 'At' });
  await at.focus();
  await page.keyboard.type('d');
  await expect(at).toHaveValue('d');
  await expect(page.getByRole('heading', { level: 1, name: 'What ran when' })).toBeVisible();
});

test('an environment is made and promoted into with keys alone', async ({ page }) => {
  const name = `k${Date.now().toString(36)}`;
  await createEnvironment(name);
  await page.goto(`/${APP}/e/${name}/deployments`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('p');
  const form = dialog(page, `Promote to ${name}`);
  await expect(form.getByRole('button', { name: /Source environment/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'prod (v1)' }).waitFor();
  await page.keyboard.type('prod');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('region', { name: 'What will change' })).toContainText('v1');
  await form.getByRole('textbox', { name: 'Note (optional)' }).focus();
  await page.keyboard.type('By hand.');
  await page.keyboard.press('Control+Enter');
  const progress = dialog(page, 'Promotion');
  await expect(progress.getByRole('status', { name: 'Promotion' })).toContainText('Deployed', { timeout: 120_000 });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('article')).toContainText('By hand.');
});

for (const [what, path, opener] of [
  ['Create environment', `/${APP}`, 'New environment'],
  ['Promote to staging', `/${APP}/e/staging/deployments`, 'Promote to staging'],
  ['Roll back staging', `/${APP}/e/staging/deployments`, 'Roll back'],
  ['Delete environment', `/${APP}/e/staging/settings/general`, 'Delete environment'],
  ['Set variable', `/${APP}/e/staging/settings/variables`, 'Set variable'],
  ['Create API key', `/${APP}/settings/api-keys`, 'Create API key'],
  ['Link a repository', `/${APP}/settings/repository`, 'Link another'],
  ['Create app', '/apps', 'Create app'],
  ['Invite', '/organization/invitations', 'Invite'],
  ['Create role', '/organization/roles', 'Create role'],
  ['Create service token', '/organization/service-tokens', 'Create service token'],
  ['Create access token', '/organization/access-tokens', 'Create access token'],
] as const) {
  test(`“${what}” keeps the focus inside and gives it back`, async ({ page }) => {
    await page.goto(path);
    const button = page.getByRole('button', { name: opener, exact: true }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    const open = page.locator('[role=dialog], [role=alertdialog]');
    await expect(open).toHaveAccessibleName(what);
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab');
      expect(await open.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(open).toHaveCount(0);
    await expect(button).toBeFocused();
  });
}
