/** Create a key: for one environment, with a set of scopes, for a time. */
import { useMemo, useState } from 'react';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Checks } from '../../kit/checks';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Note } from '../../kit/states';
import { ExpiryChoice, expiresAt, IN_90_DAYS } from '../../parts/expiry';
import { PlanLimit } from '../../parts/plan-limit';
import type { Creating } from '../../parts/secrets';
import { useApp, useEnvironments } from '../../shell/app-data';

const CreateApiKeyMutation = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ... on CreateApiKeySuccess {
        apiKey {
          ...ApiKeyRow
        }
        plaintext
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

const SDK = ['score.write', 'template.read', 'trace.ingest'];
const READ_ONLY = ['dataset.read', 'metrics.read', 'score.read', 'session.read', 'span.read', 'trace.read'];
const OF_THE_ORGANIZATION = new Set(['app.insert', 'member.read', 'member.write']);

export function CreateApiKey({
  preset,
  onClose,
  onCreated,
}: Creating & { preset: string | undefined }) {
  const { app } = useApp();
  const environments = useEnvironments();
  const held = app.viewerPermissions.filter((one) => !OF_THE_ORGANIZATION.has(one)).sort();
  const sets = [
    { id: 'sdk', text: 'SDK', scopes: SDK },
    { id: 'read', text: 'Read-only', scopes: READ_ONLY },
    { id: 'full', text: 'Full access', scopes: held },
  ].filter(({ scopes }) => scopes.every((one) => held.includes(one)));
  const [name, setName] = useState('');
  const [environmentId, setEnvironment] = useState(preset ?? environments[0]?.id ?? '');
  const [scopes, setScopes] = useState<string[]>(sets[0]?.id === 'sdk' ? SDK : []);
  const [expiry, setExpiry] = useState(IN_90_DAYS);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isLimit, setLimit] = useState(false);
  const [{ fetching }, create] = useAct(CreateApiKeyMutation);
  const until = useMemo(() => expiresAt(expiry), [expiry]);
  const idempotencyKey = useMemo(newIdempotencyKey, [name, environmentId, scopes, expiry]);
  const same = sets.find((set) => set.scopes.length === scopes.length && set.scopes.every((one) => scopes.includes(one)));

  async function submit() {
    const { data, error } = await create({
      input: { environmentId, name: name.trim(), permissions: scopes, expiresAt: until, idempotencyKey },
    });
    const result = data?.createApiKey;
    const wrong = troubleOf(result, error, 'Couldn’t create. Nothing was changed.');
    setTrouble(wrong);
    setLimit(result?.__typename === 'ApiKeyLimitError');
    if (!wrong && result && 'plaintext' in result) onCreated(result.plaintext);
  }

  return (
    <FormDialog
      title="Create API key"
      act="Create"
      pendingText="Creating…"
      isPending={fetching}
      isReady={name.trim() !== '' && scopes.length > 0}
      onSubmit={submit}
      onClose={onClose}
      after={trouble && <Note tone="danger">{isLimit ? <PlanLimit message={trouble} /> : trouble}</Note>}
    >
      <Field label="Name" value={name} onChange={setName} autoFocus maxLength={100} placeholder="Checkout service" />
      <div className="two">
        <Choice
          label="Environment"
          value={environmentId}
          onChange={setEnvironment}
          options={environments.map((one) => ({ id: one.id, text: one.name }))}
        />
        <ExpiryChoice value={expiry} onChange={setExpiry} />
      </div>
      <div className="subnav" role="group" aria-label="Sets of scopes">
        {sets.map((set) => (
          <Button
            key={set.id}
            size="small"
            variant={same?.id === set.id ? undefined : 'quiet'}
            aria-pressed={same?.id === set.id}
            onPress={() => setScopes(set.scopes)}
          >
            {set.text}
          </Button>
        ))}
      </div>
      <Checks label="Scopes" options={held} value={scopes} onChange={setScopes} />
    </FormDialog>
  );
}
