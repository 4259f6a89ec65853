/** Every page of an app and outside of one. */
import { test } from '@playwright/test';
import { everywhere, both, ready, readyAt } from './camera';
import { liveTwoWeeks } from './team';
import { APP, ask } from './world';

test.beforeAll(liveTwoWeeks);

/** The newest deployment that ended so. */
async function latest(environment: string, status: string): Promise<string> {
  const found = await ask(
    `query ($app: String!, $name: String!, $filter: EnvironmentDeploymentsFilter) {
       environment(app: $app, name: $name) { deployments(first: 1, filter: $filter) { nodes { id } } } }`,
    { app: APP, name: environment, filter: { status } },
  );
  return found.environment.deployments.nodes[0].id;
}

const EVERYWHERE = {
  overview: '',
  deployments: '/e/staging/deployments',
  timeline: '/e/prod/timeline?at=yesterday 12:00',
  compare: '/compare/dev...prod?file=agentmark/support/reply.prompt.mdx',
};
const WIDE = {
  'deployments-dev': '/e/dev/deployments',
  'deployments-rolled-back': '/e/prod/deployments',
  'deployments-empty': '/e/eu/deployments',
  'deployments-filtered-away': '/e/prod/deployments?status=in-progress',
  'timeline-dev': '/e/dev/timeline',
  'compare-split': '/compare/dev...prod?diff=split&file=agentmark/support/reply.prompt.mdx',
  'compare-code': '/compare/dev...prod?file=handler.py',
  'compare-same': '/compare/staging...staging',
};

for (const [name, path] of Object.entries(EVERYWHERE)) test(name, ({ page }) => everywhere(page, name, () => ready(page, path)));
for (const [name, path] of Object.entries(WIDE)) test(name, ({ page }) => both(page, name, () => ready(page, path)));

test('deployment', async ({ page }) => {
  const id = await latest('staging', 'DEPLOYED');
  await everywhere(page, 'deployment', () => ready(page, `/e/staging/deployments/${id}`));
});
test('deployment, failed', async ({ page }) => {
  const id = await latest('staging', 'FAILED');
  await everywhere(page, 'deployment-failed', () => ready(page, `/e/staging/deployments/${id}`));
});
test('deployment, its log at a line', async ({ page }) => {
  const id = await latest('staging', 'DEPLOYED');
  await both(page, 'deployment-log', async () => {
    await ready(page, `/e/staging/deployments/${id}#L2`);
    await page.locator('.log').scrollIntoViewIfNeeded();
  });
});
test('wide', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await both(page, 'wide-overview', () => ready(page, ''));
  await both(page, 'wide-deployments', () => ready(page, '/e/staging/deployments'));
  await both(page, 'wide-compare', () => ready(page, EVERYWHERE.compare));
});
test('apps', ({ page }) =>
  both(page, 'apps', async () => {
    await page.goto('/apps');
    await page.getByRole('link', { name: APP, exact: true }).first().waitFor();
  }));
test('signed in', ({ page }) => both(page, 'signed-in', () => readyAt(page, '/login')));
test('sign in', async ({ page }) => {
  await page.context().clearCookies();
  await everywhere(page, 'sign-in', async () => {
    await readyAt(page, '/login');
    await page.getByText('pinmark sign-in-link').waitFor();
  });
});
