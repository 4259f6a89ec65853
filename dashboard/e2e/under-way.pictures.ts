/** A promotion that goes on, is cancelled, fails, and is done. Last of all, for it changes what is there. */
import type { Page } from '@playwright/test';
import { at, both, everywhere, forReadme, ready, test, WIDE } from './camera';
import { setVariable } from './furnish';
import { liveTwoWeeks } from './team';
import { devRuns, environment, push, repositoryFile, settled, startPromotion } from './world';

test.describe.configure({ mode: 'serial' });
test.beforeAll(liveTwoWeeks);

/** What makes a build last: as long as the environment's variable says. */
const CHECKS = `
import os
import time

for prompt in sorted(CONTENT.rglob("*.prompt.mdx")):
    print(f"Checking {prompt.relative_to(CONTENT)} with the tickets of the dataset", flush=True)
    time.sleep(int(os.environ.get("SECONDS_A_CHECK", "0")))
`;
const progress = (id: string) => at(`/e/eu/deployments?dialog=promote&deployment=${id}`);
const JONAS = 'Jonas Weber <jonas@fernhill.example>';
const NOTE = 'Europe serves the same as staging from today.';

test('under way, and cancelled', async ({ page }) => {
  const { id: eu } = await environment('eu');
  await setVariable(eu, 'SECONDS_A_CHECK', '200', 'BUILD');
  const handler = repositoryFile('handler.py').replace('EVALS = (', `${CHECKS}\nEVALS = (`);
  await devRuns(push('Check every prompt while it is built', { 'handler.py': handler }, { author: JONAS }));
  const id = await startPromotion('dev', 'eu', NOTE);
  await page.goto(progress(id));
  await page.getByText(/Checking/).first().waitFor();
  await everywhere(page, 'promotion-under-way');
  await page.setViewportSize(WIDE);
  await ready(page, '');
  await both(page, 'overview-under-way');
  await ready(page, '/e/eu/settings/general');
  await both(page, 'settings-general-under-way');
  await ready(page, '/e/eu/deployments');
  await both(page, 'deployments-under-way');
  await ready(page, `/e/eu/deployments/${id}`);
  await page.getByText(/Checking/).first().waitFor();
  await forReadme(page, 'deployment');
  await both(page, 'deployment-under-way');
  await page.getByRole('button', { name: 'Cancel deployment' }).click();
  await settled(id);
  await page.getByText('Failed').first().waitFor();
  await both(page, 'deployment-cancelled');
  await setVariable(eu, 'SECONDS_A_CHECK', '0', 'BUILD');
});

test('done', async ({ page }) => {
  const id = await startPromotion('dev', 'eu', NOTE);
  await settled(id);
  await ends(page, id, 'Deployed');
  await both(page, 'promotion-done');
});

test('failed', async ({ page }) => {
  const broken = `import rota_eu\n${repositoryFile('handler.py')}`;
  push('Ask the rota of Europe', { 'handler.py': broken }, { author: JONAS });
  const sha = push('Say where the rota is', { 'docs/rota.md': 'Kept by the team in Lisbon.\n' }, { author: JONAS });
  while ((await environment('dev')).contentCommit?.sha !== sha) await page.waitForTimeout(200);
  const id = await startPromotion('dev', 'eu', 'With the rota of Europe.');
  await settled(id);
  await ends(page, id, 'Failed');
  await everywhere(page, 'promotion-failed');
});

async function ends(page: Page, id: string, how: string): Promise<void> {
  await page.goto(progress(id));
  await page.getByRole('status', { name: 'Promotion' }).getByText(how, { exact: true }).waitFor();
  await page.locator('.log-line').first().waitFor();
}
