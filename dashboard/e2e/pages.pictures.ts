/** Every page of an app and outside of one. */
import { both, everywhere, forReadme, ready, readyAt, test } from './camera';
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

for (const [name, path] of Object.entries({ ...EVERYWHERE, ...WIDE })) {
  test(name, async ({ page }) => {
    await ready(page, path);
    if (name === 'overview') await forReadme(page, name);
    await (name in EVERYWHERE ? everywhere : both)(page, name);
  });
}
for (const [name, status] of [
  ['deployment', 'DEPLOYED'],
  ['deployment-failed', 'FAILED'],
] as const) {
  test(name, async ({ page }) => {
    await ready(page, `/e/staging/deployments/${await latest('staging', status)}`);
    await page.locator('.log-line').first().waitFor();
    await everywhere(page, name);
  });
}
test('deployment, its log at a line', async ({ page }) => {
  await ready(page, `/e/staging/deployments/${await latest('staging', 'DEPLOYED')}#L2`);
  await page.locator('#L2').scrollIntoViewIfNeeded();
  await both(page, 'deployment-log');
});
test('wide', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  for (const name of ['overview', 'deployments', 'compare'] as const) {
    await ready(page, EVERYWHERE[name]);
    await both(page, `wide-${name}`);
  }
});
test('apps', async ({ page }) => {
  await page.goto('/apps');
  await page.getByRole('link', { name: APP, exact: true }).first().waitFor();
  await both(page, 'apps');
});
test('signed in', async ({ page }) => {
  await readyAt(page, '/login');
  await both(page, 'signed-in');
});
