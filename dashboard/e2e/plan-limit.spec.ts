/** A plan has an end; the form says which plan, and where one sees it. */
import { test } from '@playwright/test';
import { expect, expectNothingOf, watch } from './fixtures';
import { OwnServer } from './own-server';

test('an environment that the plan does not allow is refused by the plan’s name', async ({ browser }) => {
  const server = await OwnServer.start();
  server.takePlan('FREE');
  const context = await browser.newContext({ baseURL: server.base, storageState: { cookies: [], origins: [] } });
  const watched = await watch(context, server.base);
  const page = await context.newPage();
  const form = page.getByRole('dialog', { name: 'Create environment' });
  try {
    await server.signIn(page);
    await page.goto('/support-triage?dialog=new-env');
    await form.getByRole('textbox', { name: 'Name' }).fill('staging');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Later' }).click();

    await page.goto('/support-triage?dialog=new-env');
    const name = form.getByRole('textbox', { name: 'Name' });
    await name.fill('prod');
    await page.keyboard.press('Enter');
    await expect(form).toContainText('Your Free plan allows 2 environments per app.');
    await expect(name).toHaveValue('prod');
    await form.getByRole('link', { name: 'Upgrade' }).click();
    await expect(page).toHaveURL(/\/organization/);
    expectNothingOf(watched);
  } finally {
    await context.close();
    await server.remove();
  }
});
