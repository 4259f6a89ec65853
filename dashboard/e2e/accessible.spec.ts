/** Every page and dialog, in both schemes and narrow, as axe sees it. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { furnish } from './furnish';
import { tellTheStory } from './story';
import { APP } from './world';

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
  'compare, side by side': `/${APP}/compare/dev...prod?diff=split`,
  'no such environment': `/${APP}/e/none/deployments`,
  general: `/${APP}/e/prod/settings/general`,
  variables: `/${APP}/e/prod/settings/variables`,
  'set variable': `/${APP}/e/prod/settings/variables?dialog=set-variable`,
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
  sessions: '/organization/sessions',
  'sign in': '/login',
};

for (const [name, path] of Object.entries(PAGES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} has no barrier, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(path);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.waitForFunction(() => !document.querySelector('.skeleton'));
      if (path.includes('dialog=')) await page.locator('[role=dialog], [role=alertdialog]').waitFor();
      const { violations } = await new AxeBuilder({ page }).exclude('[data-live-announcer]').analyze();

      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
    });
  }
}

for (const [name, keys] of [
  ['Command palette', 'Control+k'],
  ['Keyboard shortcuts', '?'],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} has no barrier, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`/${APP}/e/staging/deployments`);
      await page.getByRole('article').first().waitFor();
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name }).waitFor();
      const { violations } = await new AxeBuilder({ page }).exclude('[data-live-announcer]').analyze();

      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
    });
  }
}

test('a narrow window scrolls in one direction alone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of Object.values(PAGES)) {
    await page.goto(path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    const [wide, seen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(wide, path).toBeLessThanOrEqual(seen!);
  }
});
