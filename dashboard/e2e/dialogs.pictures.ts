/** Every dialog and menu that is open over a page. */
import type { Page } from '@playwright/test';
import { both, everywhere, forReadme, NARROW, ready, readyAt, shoot, test } from './camera';
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

for (const [name, path] of Object.entries({ ...EVERYWHERE, ...WIDE })) {
  test(name, async ({ page }) => {
    await ready(page, path);
    if (name === 'promote-what-will-change') {
      await page.getByRole('textbox', { name: 'Note (optional)' }).fill('Release 17: security reports to on-call, refunds by plan');
      await forReadme(page, 'promote');
    }
    await (name in EVERYWHERE ? everywhere : both)(page, name);
  });
}
for (const [name, path] of Object.entries(OF_THE_ORGANIZATION)) {
  test(name, async ({ page }) => {
    await readyAt(page, path);
    await both(page, name);
  });
}

/** Menus close when the window changes, so what is pressed is pressed again on a telephone. */
const PRESSED: Record<string, (page: Page) => Promise<void>> = {
  'environment-menu': async (page) => {
    await page.getByRole('button', { name: /^Environment:/ }).click();
    await page.getByRole('menu', { name: 'Environments' }).waitFor();
  },
  'account-menu': async (page) => {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menu').waitFor();
  },
  'deployment-menu': async (page) => {
    await page.getByRole('button', { name: /^Actions for/ }).nth(1).click();
    await page.getByRole('menu').waitFor();
  },
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
  },
  shortcuts: async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  },
};
for (const [name, press] of Object.entries(PRESSED)) {
  test(name, async ({ page }) => {
    await ready(page, '/e/staging/deployments');
    await press(page);
    await both(page, name);
    await page.keyboard.press('Escape');
    await page.setViewportSize(NARROW);
    await press(page);
    await shoot(page, `narrow-${name}`);
  });
}

test('source picker', async ({ page }) => {
  await ready(page, '/e/prod/deployments?dialog=promote');
  await page.getByRole('button', { name: /Source environment/ }).click();
  await page.getByRole('listbox').waitFor();
  await both(page, 'promote-sources');
});
test('typed name', async ({ page }) => {
  await ready(page, '/e/eu/settings/general?dialog=delete');
  await page.getByRole('textbox').fill('eu');
  await both(page, 'delete-environment-typed');
});
test('a name that is taken', async ({ page }) => {
  await ready(page, '?dialog=new-env');
  await page.getByRole('textbox', { name: 'Name' }).fill('staging');
  await page.keyboard.press('Enter');
  await page.getByText(/already exists/).waitFor();
  await both(page, 'create-environment-taken');
});
