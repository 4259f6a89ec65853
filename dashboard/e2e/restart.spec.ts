/** The server is restarted while somebody watches a build; the page goes on by itself. */
import { test } from '@playwright/test';
import { expect, expectNothingOf, watch } from './fixtures';
import { OwnServer } from './own-server';

test('a promotion is watched across a restart of the server', async ({ browser }) => {
  const server = await OwnServer.start();
  const context = await browser.newContext({ baseURL: server.base, storageState: { cookies: [], origins: [] } });
  const watched = await watch(context, server.base);
  const page = await context.newPage();
  try {
    await server.signIn(page);
    await page.goto('/support-triage');
    await expect(page.getByRole('row', { name: /^dev/ })).toContainText('Success', { timeout: 120_000 });
    await page.getByRole('button', { name: 'New environment' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('staging');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Later' }).click();
    await page.goto('/support-triage/e/staging/deployments?dialog=promote&source=dev');
    const form = page.getByRole('dialog', { name: 'Promote to staging' });
    await form.getByRole('button', { name: 'Promote to staging' }).click();
    const progress = page.getByRole('dialog', { name: 'Promotion' });
    await expect(progress.getByRole('list', { name: 'Steps' })).toBeVisible();

    await server.stop();
    const line = page.getByRole('status', { name: 'Connection' });
    await expect(line).toContainText('Connection lost. Reconnecting…');
    await server.again();

    await expect(progress.getByRole('status', { name: 'Promotion' })).toContainText('Deployed', { timeout: 240_000 });
    await expect(line).not.toContainText('Connection lost');
    await progress.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page.getByRole('article')).toContainText('Success');
    expectNothingOf(watched);
  } finally {
    await context.close();
    await server.remove();
  }
});
