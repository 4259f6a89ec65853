/** What differs, and what ran when. */
import { dialog, expect, test } from './fixtures';
import { tellTheStory } from './story';
import { APP } from './world';

test.beforeAll(tellTheStory);

test('two environments are compared by file and by line, and promoted from there', async ({ page }) => {
  await page.goto(`/${APP}/compare/dev...prod`);
  await expect(page.getByRole('heading', { level: 1, name: 'Compare dev and prod' })).toBeVisible();
  const tree = page.getByRole('tree', { name: 'Changed files' });
  await tree.getByRole('treeitem', { name: 'tone.mdx, changed' }).click();
  await expect(page).toHaveURL(/file=agentmark/);
  const added = page.getByRole('row', { name: /added Be brief\./ });
  await expect(added).toBeVisible();
  await page.getByRole('button', { name: 'Split' }).click();
  await expect(page.getByRole('columnheader', { name: 'prod' })).toBeVisible();
  await expect(added).toBeVisible();

  await page.getByRole('button', { name: 'Promote dev to prod' }).click();
  await expect(dialog(page, 'Promote to prod').getByRole('note', { name: 'Direction' })).toContainText('dev');
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the tree is walked with the arrows', async ({ page }) => {
  await page.goto(`/${APP}/compare/dev...prod`);
  const tree = page.getByRole('tree', { name: 'Changed files' });
  await tree.getByRole('treeitem', { name: /tone\.mdx/ }).focus();
  await page.keyboard.press('ArrowLeft');
  const folder = tree.getByRole('treeitem', { name: 'agentmark/components' });
  await expect(folder).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(folder).toHaveAttribute('aria-expanded', 'false');
  await expect(tree.getByRole('treeitem', { name: /tone\.mdx/ })).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/file=/);
});

test('Swap asks the other way round, and dev is never what is promoted into', async ({ page }) => {
  await page.goto(`/${APP}/compare/staging...prod`);
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Compare prod and staging' })).toBeVisible();
  await page.goto(`/${APP}/compare/prod...dev`);
  await expect(page).toHaveURL(/compare\/dev\.\.\.prod/);
  await expect(page.getByRole('button', { name: 'Swap' })).toBeDisabled();
});

test('the preview of a promotion leads to the whole comparison', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/deployments?dialog=promote&source=dev`);
  await page.getByRole('link', { name: 'Compare in full' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Compare dev and prod' })).toBeVisible();
});

test('the timeline answers what ran when', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/timeline`);
  await expect(page.getByRole('heading', { level: 1, name: 'What ran when' })).toBeVisible();
  const table = page.getByRole('table', { name: 'Versions in range' });
  await expect(table.getByRole('row', { name: /^v1/ })).toContainText('Now');
  await expect(page.getByRole('link', { name: /^v1 from .* to now$/ })).toBeVisible();

  const at = page.getByRole('textbox', { name: 'At' });
  const answer = page.getByRole('status', { name: 'Answer' });
  await at.fill('today 00:00');
  await at.fill('2020-01-01 14:00');
  await expect(answer).toContainText('prod ran nothing.');
  await at.fill(new Date().toISOString());
  await expect(answer).toContainText(/prod ran v1 \([0-9a-f]{7}\)/);
  await page.reload();
  await expect(answer).toContainText('prod ran v1');
});

test('the timeline is exported as it is shown', async ({ page }) => {
  await page.goto(`/${APP}/e/prod/timeline`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${APP}-prod-timeline.csv`);
});
