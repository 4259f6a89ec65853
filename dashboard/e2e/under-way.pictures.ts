/** A promotion that goes on, is cancelled, fails, and is done. Last of all, for it changes what is there. */
import type { Page } from '@playwright/test';
import { at, both, everywhere, forReadme, test } from './camera';
import { setVariable } from './furnish';
import { liveTwoWeeks } from './team';
import { ask, devRuns, environment, push, repositoryFile, settled, startPromotion } from './world';

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

/** The pages that show it; a build may import for half a minute, so each has a promotion of its own. */
const UNDER_WAY: Record<string, { path: (id: string) => string; shows: RegExp }> = {
  'promotion-under-way': { path: progress, shows: /Checking/ },
  'overview-under-way': { path: () => at(''), shows: /Deploying…/ },
  'settings-general-under-way': { path: () => at('/e/eu/settings/general'), shows: /Deploying…/ },
  'deployments-under-way': { path: () => at('/e/eu/deployments'), shows: /Building…/ },
  'deployment-under-way': { path: (id) => at(`/e/eu/deployments/${id}`), shows: /Checking/ },
};

test('a handler that takes its time', async () => {
  await setVariable((await environment('eu')).id, 'SECONDS_A_CHECK', '25', 'BUILD');
  const handler = repositoryFile('handler.py').replace('EVALS = (', `${CHECKS}\nEVALS = (`);
  await devRuns(push('Check every prompt while it is built', { 'handler.py': handler }, { author: JONAS }));
});

for (const [name, { path, shows }] of Object.entries(UNDER_WAY)) {
  test(name, async ({ page }) => {
    await page.goto(at('/e/eu/deployments'));
    const id = await startPromotion('dev', 'eu', NOTE);
    await page.goto(path(id));
    await page.getByText(shows).first().waitFor();
    if (name === 'deployment-under-way') await forReadme(page, 'deployment');
    await (name === 'promotion-under-way' ? everywhere : both)(page, name);
    await ask(
      'mutation ($input: CancelDeploymentInput!) { cancelDeployment(input: $input) { __typename } }',
      { input: { deploymentId: id } },
    );
    await settled(id);
    if (name !== 'deployment-under-way') return;
    await page.getByText('Failed').first().waitFor();
    await both(page, 'deployment-cancelled');
    await setVariable((await environment('eu')).id, 'SECONDS_A_CHECK', '0', 'BUILD');
  });
}

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
