/** What is set rather than promoted: an environment's end, variables, keys, people, and the record of it all. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { alertDialog, dialog, expect, test } from './fixtures';
import { createKey, furnish } from './furnish';
import { tellTheStory } from './story';
import { APP, ask, base, createEnvironment, environment, promote, readOnly, startPromotion } from './world';

test.beforeAll(async () => {
  await tellTheStory();
  await furnish();
});

const fresh = () => `s${Date.now().toString(36)}`;

async function choose(page: Page, field: string | RegExp, option: string): Promise<void> {
  await page.getByRole('button', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

test('an environment is deleted once its name is typed, and an open tab of it says by whom', async ({ page, context }) => {
  const name = fresh();
  await createEnvironment(name);
  await createKey((await environment(name)).id, 'Doomed', 'SDK', 30);
  const other = await context.newPage();
  await other.goto(`/${APP}/e/${name}/deployments`);
  await expect(other.getByText(`Nothing has been promoted into ${name} yet.`)).toBeVisible();

  await page.goto(`/${APP}/e/${name}/settings/general`);
  await page.getByRole('button', { name: 'Delete environment' }).click();
  const form = alertDialog(page, 'Delete environment');
  await expect(form.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(form).toContainText('1 API key will stop working');
  await expect(form).toContainText('kept in audit');
  const act = form.getByRole('button', { name: 'Delete environment' });
  const typed = form.getByRole('textbox', { name: `Type ${name} to confirm` });
  await typed.fill(name.slice(0, -1));
  await expect(act).toBeDisabled();
  await typed.fill(name);
  await act.click();

  await expect(page).toHaveURL(`/${APP}/e/dev/deployments`);
  await expect(page.getByRole('status', { name: 'Notifications' })).toContainText(`Deleted ${name}.`);
  await expect(other.getByText('This environment was deleted by owner.')).toBeVisible();
});

test('the default environment can’t be deleted, by whatever address', async ({ page }) => {
  await page.goto(`/${APP}/e/dev/settings/general`);
  await expect(page.getByText('The default environment can’t be deleted.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete environment' })).toHaveCount(0);

  await page.goto(`/${APP}/e/dev/settings/general?dialog=delete`);
  await expect(dialog(page, 'You can’t delete dev')).toContainText('The default environment can’t be deleted.');
});

test('while a promotion runs, settings say so and deleting has to wait', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  await promote('dev', name);
  await page.goto(`/${APP}/e/${name}/settings/general`);
  const badge = page.getByRole('region', { name: 'Environment' }).getByRole('status', { name: 'Deployment' });
  await expect(badge).toBeEmpty();

  const seen = badge.getByText('Deploying…').waitFor();
  const disabled = expect(page.getByRole('button', { name: 'Delete environment' })).toBeDisabled();
  await startPromotion('staging', name);
  await Promise.all([seen, disabled]);

  await expect(badge).toBeEmpty({ timeout: 120_000 });
  await expect(page.getByRole('region', { name: 'Environment' })).toContainText('v2');
});

test('a variable is set, told on demand, changed and deleted', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  await page.goto(`/${APP}/e/${name}/settings/variables`);
  await expect(page.getByText(`No variables in ${name}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Set variable' }).click();
  const form = dialog(page, 'Set variable');
  await form.getByRole('textbox', { name: 'Name' }).fill('1WRONG');
  await form.getByRole('textbox', { name: 'Value' }).fill('first');
  await form.getByRole('button', { name: 'Set variable' }).click();
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveAttribute('aria-invalid', 'true');
  await form.getByRole('textbox', { name: 'Name' }).fill('GREETING');
  await form.getByRole('button', { name: 'Set variable' }).click();

  const row = page.getByRole('row', { name: /GREETING/ });
  await expect(row).toBeVisible();
  await expect(row).not.toContainText('first');
  await row.getByRole('button', { name: 'Reveal GREETING' }).click();
  await expect(row).toContainText('first');

  await row.getByRole('button', { name: 'Change GREETING' }).click();
  const change = dialog(page, 'Change GREETING');
  await change.getByRole('textbox', { name: 'Value' }).fill('second');
  await change.getByRole('button', { name: 'Set variable' }).click();
  await expect(change).toHaveCount(0);
  await expect(row).not.toContainText('first');
  await row.getByRole('button', { name: 'Reveal GREETING' }).click();
  await expect(row).toContainText('second');

  await row.getByRole('button', { name: 'Delete GREETING' }).click();
  await alertDialog(page, 'Delete GREETING').getByRole('button', { name: 'Delete variable' }).click();
  await expect(page.getByText(`No variables in ${name}.`)).toBeVisible();
});

test('an API key is made for its environment, shown once, and ends at once', async ({ page }) => {
  const name = fresh();
  await createEnvironment(name);
  await page.goto(`/${APP}/settings/api-keys?env=${name}`);
  await expect(page.getByText(`No keys for ${name}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Create API key' }).first().click();
  const form = dialog(page, 'Create API key');
  await form.getByRole('textbox', { name: 'Name' }).fill('For the test');
  await expect(form.getByRole('button', { name: /Environment/ })).toContainText(name);
  await expect(form.getByRole('button', { name: /Expires/ })).toContainText('In 90 days');
  await expect(form.getByRole('checkbox', { name: 'template.read' })).toBeChecked();
  await form.getByRole('button', { name: 'Create', exact: true }).click();

  const shown = dialog(page, 'API key created');
  await expect(shown).toContainText('You won’t see it again.');
  const key = await shown.getByRole('textbox', { name: 'API key' }).inputValue();
  expect(page.url()).not.toContain(key);
  await shown.getByRole('button', { name: 'Close' }).click();
  await expect(shown).toContainText('It has not been copied.');
  await shown.getByRole('button', { name: 'Close without copying' }).click();
  const asked = () => fetch(`${base}/v1/templates?path=none.mdx`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asked()).status).toBe(404);
  expect(await page.content()).not.toContain(key);

  const row = page.getByRole('table', { name: 'API keys' }).getByRole('row', { name: /For the test/ });
  await row.getByRole('button', { name: 'Revoke For the test' }).click();
  await alertDialog(page, 'Revoke For the test').getByRole('button', { name: 'Revoke key' }).click();
  await expect(row).toContainText('Revoked');
  expect((await asked()).status).toBe(401);
});

test('back closes a dialog, forward opens it, and so does reload', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/deployments`);
  await page.getByRole('button', { name: 'Promote to prod' }).first().click();
  const form = dialog(page, 'Promote to prod');
  await form.getByRole('button', { name: /Source environment/ }).click();
  await page.getByRole('option', { name: 'dev (unpinned)' }).click();
  await page.goBack();
  await expect(form).toHaveCount(0);
  await expect(page).toHaveURL(`/${APP}/e/prod/deployments`);
  await page.goForward();
  await expect(form.getByRole('region', { name: 'What will change' })).toBeVisible();
  await page.reload();
  await expect(form.getByRole('note', { name: 'Direction' })).toContainText('dev');
  await page.goBack();
  await expect(form).toHaveCount(0);
});

test('the audit has what was done, by filter, and is exported by the same', async ({ page }) => {
  await page.goto(`/${APP}/audit`);
  const table = page.getByRole('table', { name: 'Audit log' });
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await choose(page, /Action/, 'environment_variable.set');
  await expect(page).toHaveURL(/action=environment_variable\.set/);
  await choose(page, /Every environment/, 'prod');
  const entries = table.getByRole('button', { name: /^Details of entry/ });
  await expect(entries).toHaveCount(3);
  await entries.first().click();
  await expect(page.getByText('Hash', { exact: true })).toBeVisible();
  await choose(page, /Everybody/, 'owner');
  await expect(page).toHaveURL(/actor=/);
  await expect(entries).toHaveCount(3);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export NDJSON' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(Array(3).fill('environment_variable.set'));
});

test('somebody is invited, and the invitation revoked', async ({ page }) => {
  const email = `${fresh()}@example.com`;
  await page.goto('/organization/members');
  await page.getByRole('link', { name: 'Invite' }).click();
  const form = dialog(page, 'Invite');
  await form.getByRole('textbox', { name: 'Email' }).fill(email);
  await form.getByRole('button', { name: 'Create link' }).click();
  const shown = dialog(page, 'Invitation created');
  await expect(shown.getByRole('textbox', { name: 'Link' })).toHaveValue(/^http/);
  await shown.getByRole('button', { name: 'Close' }).click();
  await shown.getByRole('button', { name: 'Close without copying' }).click();

  const row = page.getByRole('row', { name: new RegExp(email) });
  await expect(row).toContainText('Open');
  await row.getByRole('button', { name: `Revoke ${email}` }).click();
  await alertDialog(page, `Revoke the invitation of ${email}`).getByRole('button', { name: 'Revoke invitation' }).click();
  await expect(row).toContainText('Revoked');
});

test('a role and a service token are made', async ({ page }) => {
  const name = `Role ${fresh()}`;
  await page.goto('/organization/roles');
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const form = dialog(page, 'Create role');
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByText('environment.promote', { exact: true }).click();
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('environment.promote');

  await page.goto('/organization/service-tokens?dialog=new-key');
  const token = dialog(page, 'Create service token');
  await token.getByRole('textbox', { name: 'Name' }).fill(name);
  await token.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog(page, 'Service token created').getByRole('textbox', { name: 'Service token' })).toHaveValue(/.{30}/);
});

test('an access token of one’s own is made, shown once, and ends at once', async ({ page }) => {
  const name = fresh();
  await page.goto('/organization/access-tokens');
  await page.getByRole('button', { name: 'Create access token' }).first().click();
  const form = dialog(page, 'Create access token');
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  const shown = dialog(page, 'Access token created');
  const token = await shown.getByRole('textbox', { name: 'Access token' }).inputValue();
  await shown.getByRole('button', { name: 'Close' }).click();
  await shown.getByRole('button', { name: 'Close without copying' }).click();
  const { viewer } = await ask('query { viewer { name } }', {}, token);
  expect(viewer.name).toBe('owner');

  const row = page.getByRole('table', { name: 'Access tokens' }).getByRole('row', { name: new RegExp(name) });
  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await alertDialog(page, `Revoke ${name}`).getByRole('button', { name: 'Revoke token' }).click();
  await expect(row).toContainText('Revoked');
  await expect(ask('query { viewer { name } }', {}, token)).rejects.toThrow();
});

test('an app with the name of a page of ours has its own pages', async ({ page }) => {
  await ask('mutation ($input: CreateAppInput!) { createApp(input: $input) { __typename } }', { input: { name: 'login' } });
  await page.goto('/apps');
  await page.getByRole('link', { name: 'login', exact: true }).first().click();
  await expect(page).toHaveURL('/a/login');
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();
  await page.getByRole('link', { name: 'Repository' }).click();
  await expect(page.getByText('No repository linked.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('No repository linked.')).toBeVisible();

  await page.goto(`/a/${APP}/e/staging/deployments`);
  await expect(page).toHaveURL(`/${APP}/e/staging/deployments`);
  await page.goto('/login');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('an app is created and leads to its repository', async ({ page }) => {
  const name = fresh();
  await page.goto('/apps');
  await page.getByRole('button', { name: 'Create app' }).click();
  await dialog(page, 'Create app').getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');

  const link = dialog(page, 'Link a repository');
  await link.getByRole('textbox', { name: 'Address' }).fill('/nowhere/at/all.git');
  await link.getByRole('button', { name: 'Link repository' }).click();
  await expect(link.getByRole('textbox', { name: 'Address' })).toHaveAttribute('aria-invalid', 'true');
  await link.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('No repository linked.')).toBeVisible();
  const { app } = await ask('query ($name: String!) { app(name: $name) { id repository { id } } }', { name });
  expect(app.repository).toBeNull();
});

test('who may only read sees no acts, and an address says what it takes', async ({ page }) => {
  await readOnly(page);
  await page.goto(`/${APP}/e/staging/deployments`);
  await expect(page.getByRole('article').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /Promote|Roll back/ })).toHaveCount(0);
  await page.getByRole('button', { name: /^Environment:/ }).click();
  await expect(page.getByRole('menuitemradio', { name: 'prod' })).toBeVisible();
  await expect(page.getByRole('menuitem')).toHaveCount(0);
  await page.keyboard.press('Escape');

  await page.goto(`/${APP}/e/staging/deployments?dialog=promote`);
  await expect(dialog(page, 'You can’t promote into staging')).toContainText('Needs environment.promote. It is held by owner.');
  await page.goto(`/${APP}/e/staging/settings/general?dialog=delete`);
  await expect(dialog(page, 'You can’t delete staging')).toContainText('Needs environment.delete. It is held by owner.');
  await page.goto(`/${APP}/audit`);
  await expect(page.getByText('Needs audit.read.')).toBeVisible();
  await page.goto('/organization/members');
  await expect(page.getByRole('row', { name: /rita/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Invite' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Actions for/ })).toHaveCount(0);
});

test('an address that leads nowhere names what is nearest', async ({ page }) => {
  await page.goto(`/${APP}/e/stagin/deployments`);
  await expect(page.getByText('No environment named stagin')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'staging' })).toBeVisible();
  await page.goto('/support-triag');
  await expect(page.getByRole('link', { name: APP })).toBeVisible();
});

test('who lost their session signs in again, and the page goes on', async ({ page, context }) => {
  await page.goto(`/${APP}/e/staging/settings/variables?dialog=set-variable`);
  await dialog(page, 'Set variable').getByRole('textbox', { name: 'Name' }).fill('KEPT');
  const cookies = await context.cookies();
  await context.clearCookies();
  await dialog(page, 'Set variable').getByRole('button', { name: 'Set variable' }).click();
  await expect(alertDialog(page, 'Sign in again')).toContainText('pinmark sign-in-link');

  await context.addCookies(cookies);
  await expect(alertDialog(page, 'Sign in again')).toHaveCount(0);
  await expect(dialog(page, 'Set variable').getByRole('textbox', { name: 'Name' })).toHaveValue('KEPT');
});
