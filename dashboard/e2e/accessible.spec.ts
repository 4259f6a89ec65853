/** Every page and dialog, in both schemes and narrow, as axe sees it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { dialog, expect, test } from './fixtures';
import { furnish } from './furnish';
import { tellTheStory } from './story';
import { APP, environment, readOnly } from './world';

test.beforeAll(async () => {
  await tellTheStory();
  await furnish();
});

const PAGES = {
  apps: '/apps',
  overview: `/${APP}`,
  deployments: `/${APP}/e/staging/deployments`,
  'create environment': `/${APP}?dialog=new-env`,
  'environment created': `/${APP}?dialog=new-env&created=eu`,
  promote: `/${APP}/e/prod/deployments?dialog=promote&source=dev`,
  'roll back': `/${APP}/e/staging/deployments?dialog=rollback&to=v1`,
  timeline: `/${APP}/e/staging/timeline?at=12:00`,
  compare: `/${APP}/compare/dev...prod`,
  'compare with a version': `/${APP}/compare/staging@v1...staging`,
  'compare, side by side': `/${APP}/compare/dev...prod?diff=split`,
  'no such environment': `/${APP}/e/none/deployments`,
  general: `/${APP}/e/prod/settings/general`,
  variables: `/${APP}/e/prod/settings/variables`,
  'set variable': `/${APP}/e/prod/settings/variables?dialog=set-variable`,
  'promote into dev': `/${APP}/e/dev/deployments?dialog=promote`,
  'delete environment': `/${APP}/e/prod/settings/general?dialog=delete`,
  'api keys': `/${APP}/settings/api-keys`,
  'create api key': `/${APP}/settings/api-keys?env=prod&dialog=new-key`,
  repository: `/${APP}/settings/repository`,
  'link repository': `/${APP}/settings/repository?dialog=link-repository`,
  audit: `/${APP}/audit`,
  'create app': '/apps?dialog=new-app',
  organization: '/organization',
  members: '/organization/members',
  invitations: '/organization/invitations',
  invite: '/organization/invitations?dialog=invite',
  roles: '/organization/roles',
  'create role': '/organization/roles?dialog=role',
  'service tokens': '/organization/service-tokens',
  'create service token': '/organization/service-tokens?dialog=new-key',
  'access tokens': '/organization/access-tokens',
  'create access token': '/organization/access-tokens?dialog=new-key',
  sessions: '/organization/sessions',
  'sign in': '/login',
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name} has no barrier`, async ({ page }) => {
    await page.goto(path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
    if (path.includes('dialog=')) await page.locator('[role=dialog], [role=alertdialog]').waitFor();
    await expectNoBarrier(page);
  });
}

test('a deployment and its promotion have no barrier', async ({ page }) => {
  const { deployment } = (await environment('prod')).pin;
  await page.goto(`/${APP}/e/prod/deployments/${deployment.id}`);
  await page.getByRole('list', { name: 'Steps' }).waitFor();
  await expectNoBarrier(page);
  await page.goto(`/${APP}/e/prod/deployments?dialog=promote&deployment=${deployment.id}`);
  await dialog(page, 'Promotion').getByRole('list', { name: 'Steps' }).waitFor();
  await expectNoBarrier(page);
});

for (const [name, keys] of [
  ['Command palette', 'Control+k'],
  ['Keyboard shortcuts', '?'],
] as const) {
  test(`${name} has no barrier`, async ({ page }) => {
    await page.goto(`/${APP}/e/staging/deployments`);
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press(keys);
    await dialog(page, name).waitFor();
    await expectNoBarrier(page);
  });
}

test('an open menu has no barrier', async ({ page }) => {
  await page.goto(`/${APP}/e/staging/deployments`);
  await page.getByRole('button', { name: /^Environment:/ }).click();
  await page.getByRole('menu', { name: 'Environments' }).waitFor();
  await expectNoBarrier(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Actions for/ }).first().click();
  await page.getByRole('menu').waitFor();
  await expectNoBarrier(page);
});

test('a secret that is shown, and asking before it ends, have no barrier', async ({ page }) => {
  await page.goto('/organization/access-tokens?dialog=new-key');
  const form = dialog(page, 'Create access token');
  await form.getByRole('textbox', { name: 'Name' }).fill('Seen by axe');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog(page, 'Access token created').waitFor();
  await expectNoBarrier(page);
  await page.goto('/organization/access-tokens');
  await page.getByRole('button', { name: 'Revoke Seen by axe' }).first().click();
  await page.getByRole('alertdialog').waitFor();
  await expectNoBarrier(page);
});

test('who may not act is told so without a barrier', async ({ page }) => {
  await readOnly(page);
  await page.goto(`/${APP}/e/staging/deployments?dialog=promote`);
  await expect(dialog(page, 'You can’t promote into staging')).toContainText('It is held by');
  await expectNoBarrier(page);
  await page.goto(`/${APP}/audit`);
  await page.getByText('Needs audit.read.').waitFor();
  await expectNoBarrier(page);
});

test('signing in again has no barrier', async ({ page, context }) => {
  await page.goto(`/${APP}/e/staging/settings/variables?dialog=set-variable`);
  const form = dialog(page, 'Set variable');
  await form.getByRole('textbox', { name: 'Name' }).fill('KEPT');
  await context.clearCookies();
  await form.getByRole('button', { name: 'Set variable' }).click();
  await page.getByRole('alertdialog', { name: 'Sign in again' }).waitFor();
  await expectNoBarrier(page);
});

/** Wide in both schemes, then narrow, where nothing may be cut off either. */
async function expectNoBarrier(page: Page): Promise<void> {
  const wide = page.viewportSize()!;
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect(await barriers(page), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await barriers(page), 'dark').toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await barriers(page), 'narrow').toEqual([]);
  const [width, seen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(width, 'scrolls in one direction alone').toBeLessThanOrEqual(seen!);
  await page.setViewportSize(wide);
}

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-live-announcer]').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
}
