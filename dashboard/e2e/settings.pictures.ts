/** Everything that is set rather than promoted. */
import { both, everywhere, ready, readyAt, test } from './camera';
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

for (const [name, path] of Object.entries({ ...EVERYWHERE, ...WIDE })) {
  test(name, async ({ page }) => {
    await ready(page, path);
    await (name in EVERYWHERE ? everywhere : both)(page, name);
  });
}
for (const path of OF_THE_ORGANIZATION) {
  const name = `organization${path.replace('/', '-')}`;
  test(name, async ({ page }) => {
    await readyAt(page, `/organization${path}`);
    await (path === '/members' || path === '/roles' ? everywhere : both)(page, name);
  });
}
test('an audit entry, opened', async ({ page }) => {
  await ready(page, '/audit');
  await page.locator('.audit-toggle').nth(2).click();
  await both(page, 'audit-entry');
});
test('an API key, shown once', async ({ page }) => {
  await ready(page, '/settings/api-keys?env=staging&dialog=new-key');
  await page.getByRole('textbox', { name: 'Name' }).fill('Load tests');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('dialog', { name: 'API key created' }).waitFor();
  await everywhere(page, 'api-key-created');
});
