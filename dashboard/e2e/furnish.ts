/** What settings are about: keys, variables, people and programs. */
import { ask, environment } from './world';

const DAY = 86_400_000;
export const PIPELINE = ['deployment.read', 'environment.promote', 'environment.read'];

export async function furnish(): Promise<void> {
  const { serviceTokens } = await ask('query { serviceTokens(first: 1) { totalCount } }');
  if (serviceTokens.totalCount > 0) return;
  const prod = await environment('prod');
  const staging = await environment('staging');
  await setVariable(prod.id, 'OPENAI_API_KEY', 'sk-not-a-key', 'RUNTIME');
  await setVariable(prod.id, 'SUPPORT_DESK_URL', 'https://desk.example.com', 'RUNTIME');
  await setVariable(prod.id, 'PIP_INDEX_URL', 'https://packages.example.com/simple', 'BUILD');
  await createKey(prod.id, 'Checkout service', 'SDK', 90);
  await createKey(prod.id, 'Weekly report', 'READ_ONLY', 6);
  await createKey(staging.id, 'End-to-end tests', 'SDK', null);
  const role = await ask(
    `mutation ($input: CreateCustomRoleInput!) { createCustomRole(input: $input) {
       ... on CreateCustomRoleSuccess { customRole { id } } } }`,
    {
      input: {
        name: 'Release manager',
        permissions: ['app.read', 'deployment.read', 'environment.promote', 'environment.read', 'template.read'],
      },
    },
  );
  await invite({ email: 'lena@fernhill.example', customRoleId: role.createCustomRole.customRole.id });
  await invite({ email: 'oskar@fernhill.example', role: 'READ' });
  await createServiceToken('Release pipeline', PIPELINE);
}

export async function setVariable(environmentId: string, name: string, value: string, phase: string): Promise<void> {
  await ask(
    'mutation ($input: SetEnvironmentVariableInput!) { setEnvironmentVariable(input: $input) { __typename } }',
    { input: { environmentId, name, value, phase } },
  );
}

/** A key of an environment; what it is, which is told this once. */
export async function createKey(
  environmentId: string,
  name: string,
  preset: string,
  days: number | null,
): Promise<string> {
  const expiresAt = days === null ? null : new Date(Date.now() + days * DAY).toISOString();
  const { createApiKey } = await ask(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
       ... on CreateApiKeySuccess { plaintext } } }`,
    { input: { environmentId, name, preset, expiresAt } },
  );
  return createApiKey.plaintext;
}

async function invite(input: object): Promise<void> {
  await ask('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { __typename } }', { input });
}

/** A token of a program; what it is, which is told this once. */
export async function createServiceToken(name: string, permissions: string[]): Promise<string> {
  const { createServiceToken } = await ask(
    `mutation ($input: CreateServiceTokenInput!) { createServiceToken(input: $input) {
       ... on CreateServiceTokenSuccess { plaintext } } }`,
    { input: { name, permissions } },
  );
  return createServiceToken.plaintext;
}
