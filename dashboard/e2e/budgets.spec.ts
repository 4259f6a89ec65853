/** What the first page may weigh, as it comes over the line. */
import { expect, test } from './fixtures';
import { APP } from './world';

const KB = 1000;

test('the first load stays within its budget', async ({ page }) => {
  await page.goto(`/${APP}`);
  await expect(page.getByRole('table', { name: 'Environments' })).toBeVisible();
  const weighs = (suffix: string) =>
    page.evaluate(
      (suffix) =>
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          .filter(({ name }) => new URL(name).pathname.endsWith(suffix))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      suffix,
    );

  expect(await weighs('.css'), 'bytes of style').toBeLessThanOrEqual(12 * KB);
  expect(await weighs('.js'), 'bytes of script').toBeLessThanOrEqual(180 * KB);
});
