/** Every dialog and menu that is open over a page. */
import { type Page, test } from '@playwright/test';
import { both, everywhere, ready, readyAt } from './camera';
import { liveTwoWeeks } from './team';

test.beforeAll(liveTwoWeeks);

const EVERYWHERE = {
  'create-environment': '?dialog=new-env',
  'environment-created': '?dialog=new-env&created=eu',
  'promote-what-will-change': '/e/prod/deployments?dialog=promote&source=dev',
  rollback: '/e/prod/deployments?dialog=rollback&to=v1',
  'delete-environment': '/e/prod/settings/general?dialog=delete',
  'set-variable': '/e/prod/settings/variables?dialog=set-variable',
  'create-api-key': '/settings/api-keys?env=prod&dialog=new-key',
};
const WIDE = {
  promote: '/e/prod/deployments?dialog=promote',
  'promote-no-difference': '/e/eu/deployments?dialog=promote&source=dev',
  'promote-older': '/e/staging/deployments?dialog=promote&source=prod',
  'promote-into-dev': '/e/dev/deployments?dialog=promote',
  'link-repository': '/settings/repository?dialog=link-repository',
};
const OF_THE_ORGANIZATION = {
  'create-role': '/organization/roles?dialog=role',
  invite: '/organization/invitations?dialog=invite',
  'create-service-token': '/organization/service-tokens?dialog=new-key',
  'create-app': '/apps?dialog=new-app',
};

for (const [name, path] of Object.entries(EVERYWHERE)) test(name, ({ page }) => everywhere(page, name, () => ready(page, path)));
for (const [name, path] of Object.entries(WIDE)) test(name, ({ page }) => both(page, name, () => ready(page, path)));
for (const [name, path] of Object.entries(OF_THE_ORGANIZATION)) {
  test(name, ({ page }) => both(page, name, () => readyAt(page, path)));
}

const onStaging = (act: (page: Page) => Promise<unknown>) => (page: Page) => async () => {
  await ready(page, '/e/staging/deployments');
  await act(page);
};
const press = (keys: string, role: 'dialog' | 'menu') =>
  onStaging(async (page) => {
    await page.keyboard.press(keys);
    await page.getByRole(role).waitFor();
  });

const PRESSED = {
  'environment-menu': onStaging(async (page) => {
    await page.getByRole('button', { name: /^Environment:/ }).click();
    await page.getByRole('menu', { name: 'Environments' }).waitFor();
  }),
  'account-menu': onStaging(async (page) => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menu').waitFor();
  }),
  'deployment-menu': onStaging(async (page) => {
    await page.getByRole('button', { name: /^Actions for/ }).nth(1).click();
    await page.getByRole('menu').waitFor();
  }),
  palette: press('Control+k', 'dialog'),
  shortcuts: press('?', 'dialog'),
};
for (const [name, open] of Object.entries(PRESSED)) test(name, ({ page }) => everywhere(page, name, open(page)));

test('source picker', ({ page }) =>
  both(page, 'promote-sources', async () => {
    await ready(page, '/e/prod/deployments?dialog=promote');
    await page.getByRole('button', { name: /Source environment/ }).click();
    await page.getByRole('listbox').waitFor();
  }));
test('typed name', ({ page }) =>
  both(page, 'delete-environment-typed', async () => {
    await ready(page, '/e/eu/settings/general?dialog=delete');
    await page.getByRole('textbox').fill('eu');
  }));
test('a name that is taken', ({ page }) =>
  both(page, 'create-environment-taken', async () => {
    await ready(page, '?dialog=new-env');
    await page.getByRole('textbox', { name: 'Name' }).fill('staging');
    await page.keyboard.press('Enter');
    await page.getByText(/already exists/).waitFor();
  }));
