/** Everything that is set rather than promoted. */
import { test } from '@playwright/test';
import { asItIs, both, everywhere, ready, readyAt } from './camera';
import { liveTwoWeeks } from './team';

test.beforeAll(liveTwoWeeks);

const EVERYWHERE = {
  'settings-general': '/e/prod/settings/general',
  'settings-variables': '/e/prod/settings/variables',
  'api-keys': '/settings/api-keys',
  audit: '/audit',
};
const WIDE = {
  'settings-general-dev': '/e/dev/settings/general',
  'api-keys-empty': '/settings/api-keys?env=eu',
  repository: '/settings/repository',
};
const OF_THE_ORGANIZATION = ['', '/members', '/invitations', '/roles', '/service-tokens', '/sessions'];

for (const [name, path] of Object.entries(EVERYWHERE)) test(name, ({ page }) => everywhere(page, name, () => ready(page, path)));
for (const [name, path] of Object.entries(WIDE)) test(name, ({ page }) => both(page, name, () => ready(page, path)));
for (const path of OF_THE_ORGANIZATION) {
  const name = `organization${path.replace('/', '-')}`;
  const take = path === '/members' || path === '/roles' ? everywhere : both;
  test(name, ({ page }) => take(page, name, () => readyAt(page, `/organization${path}`)));
}
test('an audit entry, opened', ({ page }) =>
  both(page, 'audit-entry', async () => {
    await ready(page, '/audit');
    await page.locator('.audit-toggle').nth(2).click();
  }));
test('an API key, shown once', async ({ page }) => {
  await ready(page, '/settings/api-keys?env=staging&dialog=new-key');
  await page.getByRole('textbox', { name: 'Name' }).fill('Load tests');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: false }).last().click();
  await page.getByRole('dialog', { name: 'API key created' }).waitFor();
  await asItIs(page, 'api-key-created');
});
