/** Some days in the life of an app: what the pictures show. */
import { ask, createEnvironment, devRuns, environment, promote, push, repositoryFile, settled } from './world';

export async function tellTheStory(): Promise<void> {
  if (await environment('prod')) return;
  await devRuns();
  await createEnvironment('staging');
  await createEnvironment('prod');
  await promote('dev', 'staging', 'First cut for the support team.');
  await promote('staging', 'prod', 'Release 2026-05-29 — sign-off in #releases');
  const tone = repositoryFile('agentmark/components/tone.mdx');
  await devRuns(push('Sound less like a robot in the first answer', { 'agentmark/components/tone.mdx': `${tone}\nBe brief.\n` }));
  await promote('dev', 'staging', 'Softer tone, checked on the ten tickets of the dataset.');
  const handler = repositoryFile('handler.py');
  const broken = push('Ask the on-call rota who is awake', { 'handler.py': `import rota\n${handler}` });
  await waitForDev(broken);
  const failing = await promote('dev', 'staging').catch(() => undefined);
  if (failing) await settled(failing);
  await devRuns(push('Do without the rota for now', { 'handler.py': `${handler}\n# The rota comes later.\n` }));
  await devRuns(push('Route outages to on-call first', { 'handler.py': `${handler}\n# Outages first.\n` }));
  await createEnvironment('eu');
}

async function waitForDev(sha: string): Promise<void> {
  for (;;) {
    const { environment: dev } = await ask(
      `query { environment(app: "support-triage", name: "dev") {
         deployments(first: 1) { nodes { status commit { sha } } } } }`,
    );
    const [latest] = dev.deployments.nodes;
    if (latest?.commit.sha === sha && latest.status !== 'IN_PROGRESS') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
