/** A picture of every screen, light and dark, wide and narrow: `make screenshots`. */
import { test } from '@playwright/test';
import { at, both, FOLDER, ready, SCHEMES } from './camera';
import { tellTheStory } from './story';
import { APP, startPromotion, settled, ask, push, repositoryFile, devRuns } from './world';

test.beforeAll(tellTheStory);

const latest = async (environment: string, status: string): Promise<string> => {
  const found = await ask(
    `query ($app: String!, $name: String!, $filter: EnvironmentDeploymentsFilter) {
       environment(app: $app, name: $name) { deployments(first: 1, filter: $filter) { nodes { id } } } }`,
    { app: APP, name: environment, filter: { status } },
  );
  return found.environment.deployments.nodes[0].id;
};

test('overview', ({ page }) => both(page, 'overview', () => ready(page, '')));
test('apps', ({ page }) =>
  both(page, 'apps', async () => {
    await page.goto('/apps');
    await page.getByRole('link', { name: APP, exact: true }).first().waitFor();
  }));
test('deployments', ({ page }) => both(page, 'deployments', () => ready(page, '/e/staging/deployments')));
test('deployments of dev', ({ page }) => both(page, 'deployments-dev', () => ready(page, '/e/dev/deployments')));
test('nothing promoted', ({ page }) => both(page, 'deployments-empty', () => ready(page, '/e/eu/deployments')));
test('deployment', async ({ page }) => {
  const id = await latest('staging', 'DEPLOYED');
  await both(page, 'deployment', () => ready(page, `/e/staging/deployments/${id}`));
});
test('failed deployment', async ({ page }) => {
  const id = await latest('dev', 'FAILED');
  await both(page, 'deployment-failed', () => ready(page, `/e/dev/deployments/${id}`));
});
test('environment menu', ({ page }) =>
  both(page, 'environment-menu', async () => {
    await ready(page, '/e/staging/deployments');
    await page.getByRole('button', { name: /^Environment:/ }).click();
    await page.getByRole('menu', { name: 'Environments' }).waitFor();
  }));
test('create environment', ({ page }) =>
  both(page, 'create-environment', () => ready(page, '?dialog=new-env')));
test('environment created', ({ page }) =>
  both(page, 'environment-created', () => ready(page, '?dialog=new-env&created=eu')));
test('promote', ({ page }) =>
  both(page, 'promote', async () => {
    await ready(page, '/e/prod/deployments?dialog=promote');
    await page.getByRole('dialog').waitFor();
  }));
test('promote with its preview', ({ page }) =>
  both(page, 'promote-preview', async () => {
    await ready(page, '/e/staging/deployments?dialog=promote&source=dev');
    await page.getByText('What will change').waitFor();
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
  }));
test('promotion in progress', async ({ page }) => {
  const handler = repositoryFile('handler.py');
  for (const scheme of SCHEMES) {
    await devRuns(push(`Say hello in ${scheme}`, { 'handler.py': `${handler}\n# ${scheme} ${Date.now()}\n` }));
    const id = await startPromotion('dev', 'eu', 'Europe next.');
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(at(`/e/eu/deployments?dialog=promote&deployment=${id}`));
    await page.getByRole('list', { name: 'Steps' }).waitFor();
    await page.screenshot({ path: `${FOLDER}/promotion-${scheme}.png` });
    await settled(id);
    await page.getByRole('status', { name: 'Promotion' }).getByText('Deployed', { exact: true }).waitFor();
    await page.screenshot({ path: `${FOLDER}/promotion-done-${scheme}.png` });
  }
});
test('roll back', ({ page }) =>
  both(page, 'rollback', async () => {
    await ready(page, '/e/staging/deployments?dialog=rollback&to=v1');
    await page.getByText('What will change').waitFor();
  }));
test('timeline', ({ page }) => both(page, 'timeline', () => ready(page, '/e/staging/timeline?at=12:00')));
test('compare', ({ page }) =>
  both(page, 'compare', async () => {
    await ready(page, '/compare/dev...prod');
    await page.getByRole('tree').waitFor();
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
  }));
test('compare, side by side', ({ page }) =>
  both(page, 'compare-split', async () => {
    await ready(page, '/compare/dev...prod?diff=split');
    await page.getByRole('table').waitFor();
  }));
test('command palette', ({ page }) =>
  both(page, 'palette', async () => {
    await ready(page, '/e/staging/deployments');
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
  }));
test('keyboard shortcuts', ({ page }) =>
  both(page, 'keys', async () => {
    await ready(page, '/e/staging/deployments');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  }));
test('narrow', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 760 });
  await both(page, 'narrow-overview', () => ready(page, ''));
  await both(page, 'narrow-deployments', () => ready(page, '/e/staging/deployments'));
});
test('sign in', ({ page }) =>
  both(page, 'sign-in', async () => {
    await page.goto('/login');
    await page.locator('h1').waitFor();
  }));
