/** A promotion that goes on, is cancelled, fails, and is done. Last of all, for it changes what is there. */
import { type Page, test } from '@playwright/test';
import { asItIs, at, both, forReadme, narrow, ready } from './camera';
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
const deploymentPage = (id: string) => `/e/eu/deployments/${id}`;

test('under way, and cancelled', async ({ page }) => {
  const { id: eu } = await environment('eu');
  await setVariable(eu, 'SECONDS_A_CHECK', '100', 'BUILD');
  const handler = repositoryFile('handler.py').replace('EVALS = (', `${CHECKS}\nEVALS = (`);
  await devRuns(push('Check every prompt while it is built', { 'handler.py': handler }, { author: 'Jonas Weber <jonas@fernhill.example>' }));
  const id = await startPromotion('dev', 'eu', 'Europe serves the same as staging from today.');
  await page.goto(progress(id));
  await page.getByText(/Checking .*triage/).or(page.getByText(/Checking/).first()).first().waitFor();
  await asItIs(page, 'promotion-under-way');
  await narrow(page, 'promotion-under-way', async () => {
    await page.goto(progress(id));
    await page.getByText(/Checking/).first().waitFor();
  });
  await page.setViewportSize({ width: 1280, height: 800 });
  await both(page, 'overview-under-way', () => ready(page, ''));
  await both(page, 'settings-general-under-way', () => ready(page, '/e/eu/settings/general'));
  await ready(page, deploymentPage(id));
  await page.getByText(/Checking/).first().waitFor();
  await asItIs(page, 'deployment-under-way');
  await forReadme(page, 'deployment');
  await page.getByRole('button', { name: 'Cancel deployment' }).click();
  await settled(id);
  await page.getByText('Failed').first().waitFor();
  await asItIs(page, 'deployment-cancelled');
  await setVariable(eu, 'SECONDS_A_CHECK', '0', 'BUILD');
});

test('done', async ({ page }) => {
  const id = await startPromotion('dev', 'eu', 'Europe serves the same as staging from today.');
  await settled(id);
  await ends(page, id, 'Deployed');
  await asItIs(page, 'promotion-done');
});

test('failed', async ({ page }) => {
  const handler = repositoryFile('handler.py');
  push('Ask the rota of Europe', { 'handler.py': `import rota_eu\n${handler}` }, { author: 'Jonas Weber <jonas@fernhill.example>' });
  const sha = push('Say where the rota is', { 'docs/rota.md': 'The rota of Europe is kept by its own team.\n' });
  while ((await environment('dev')).contentCommit?.sha !== sha) await page.waitForTimeout(200);
  const id = await startPromotion('dev', 'eu', 'With the rota of Europe.');
  await settled(id);
  await ends(page, id, 'Failed');
  await asItIs(page, 'promotion-failed');
  await narrow(page, 'promotion-failed', () => ends(page, id, 'Failed'));
});

async function ends(page: Page, id: string, how: string): Promise<void> {
  await page.goto(progress(id));
  await page.getByRole('status', { name: 'Promotion' }).getByText(how, { exact: true }).waitFor();
  await page.locator('.log-line').first().waitFor();
}
