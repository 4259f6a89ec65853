/** Pictures of everything that is set rather than promoted. */
import { test } from '@playwright/test';
import { both, ready, readyAt } from './camera';
import { furnish } from './furnish';
import { tellTheStory } from './story';

test.beforeAll(async () => {
  await tellTheStory();
  await furnish();
});

const OF_THE_APP = {
  'settings-general': '/e/prod/settings/general',
  'settings-variables': '/e/prod/settings/variables',
  'set-variable': '/e/prod/settings/variables?dialog=set-variable',
  'delete-environment': '/e/prod/settings/general?dialog=delete',
  'api-keys': '/settings/api-keys',
  'create-api-key': '/settings/api-keys?env=prod&dialog=new-key',
  repository: '/settings/repository',
  'link-repository': '/settings/repository?dialog=link-repository',
  audit: '/audit',
  'no-such-environment': '/e/stagin/deployments',
};
const OF_THE_ORGANIZATION = ['', '/members', '/invitations', '/roles', '/roles?dialog=role', '/service-tokens', '/sessions'];

for (const [name, path] of Object.entries(OF_THE_APP)) {
  test(name, ({ page }) =>
    both(page, name, async () => {
      await ready(page, path);
      if (path.includes('dialog=')) await page.locator('[role=dialog], [role=alertdialog]').waitFor();
    }));
}
for (const path of OF_THE_ORGANIZATION) {
  const name = `organization${path.replace(/\W+/g, '-')}`;
  test(name, ({ page }) => both(page, name, () => readyAt(page, `/organization${path}`)));
}
test('create an app', ({ page }) => both(page, 'create-app', () => readyAt(page, '/apps?dialog=new-app')));
