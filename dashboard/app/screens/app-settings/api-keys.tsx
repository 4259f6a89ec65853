/** API keys of an app, of all its environments or of one. */
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { ApiKeysQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Choice } from '../../kit/choice';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Denied, Empty, LoadError, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { TableHead } from '../../kit/table-head';
import { isOver } from '../../parts/ending';
import { SecretShown } from '../../parts/secret-shown';
import { SecretCells, SecretDialogs } from '../../parts/secrets';
import { useOpenDialog } from '../../shell/address';
import { useApp, useEnvironments, useMay } from '../../shell/app-data';
import { CreateApiKey } from './create-api-key';
import '../../kit/table.css';
import '../settings.css';

const ALL = '*';

const ApiKeys = graphql(`
  query ApiKeys($of: ID!, $after: String) {
    node(id: $of) {
      ... on App {
        id
        apiKeys(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ApiKeyRow
          }
        }
      }
      ... on Environment {
        id
        apiKeys(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ApiKeyRow
          }
        }
      }
    }
  }
`);

export const ApiKeyRow = graphql(`
  fragment ApiKeyRow on ApiKey {
    id
    prefix
    name
    permissions
    createdAt
    lastUsedAt
    expiresAt
    revokedAt
    environment {
      id
      name
    }
  }
`);

const RevokeApiKey = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      ... on RevokeApiKeySuccess {
        apiKey {
          ...ApiKeyRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

type Found = Extract<NonNullable<ApiKeysQuery['node']>, { apiKeys: unknown }>;
type ApiKey = Found['apiKeys']['nodes'][number];

export function Component() {
  return useMay('api_key.read') ? <Keys /> : <Denied title="API keys" permission="api_key.read" />;
}

function Keys() {
  const { app } = useApp();
  const environments = useEnvironments();
  const [search, change] = useSearchParams();
  const openDialog = useOpenDialog();
  const { after } = usePage();
  const [secret, keepSecret] = useState<string | null>(null);
  const chosen = environments.find(({ name }) => name === search.get('env'));
  const read = useLive(ApiKeys, { of: chosen?.id ?? app.id, after }, { when: ({ kind }) => kind === 'API_KEYS_CHANGED' });
  const mayCreate = useMay('api_key.insert');
  const [, revoke] = useAct(RevokeApiKey);
  const keys = (read.data?.node as Found | null | undefined)?.apiKeys;
  const create = mayCreate && (
    <Button variant="primary" onPress={() => openDialog('new-key')}>
      <Plus size={14} aria-hidden />
      Create API key
    </Button>
  );

  function choose(name: string) {
    change((now) => {
      const next = new URLSearchParams(now);
      next.delete('after');
      if (name === ALL) next.delete('env');
      else next.set('env', name);
      return next;
    });
  }

  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="API keys" />
        <div className="page-head-aside">
          <Choice
            compact
            label="Environment"
            value={chosen?.name ?? ALL}
            onChange={choose}
            options={[{ id: ALL, text: 'All environments' }, ...environments.map(({ name }) => ({ id: name, text: name }))]}
          />
          {create}
        </div>
      </div>
      {read.error && <LoadError what="the API keys" error={read.error} retry={read.refetch} />}
      {!keys && !read.error && <Skeletons count={4} height="row" />}
      {keys?.nodes.length === 0 && (
        <Empty icon={KeyRound} title={`No keys for ${chosen?.name ?? app.name}.`}>
          <p>A key belongs to one environment. What it reads is what that environment serves.</p>
          {create}
        </Empty>
      )}
      {keys && keys.nodes.length > 0 && <KeyTable keys={keys.nodes} />}
      {keys && <Pager of={keys.pageInfo} shown={keys.nodes.length} total={keys.totalCount} />}
      <SecretDialogs
        secrets={keys?.nodes ?? []}
        act="Revoke key"
        mayCreate={mayCreate}
        create={(creating) => <CreateApiKey preset={chosen?.id} {...creating} />}
        onCreated={(made) => {
          read.refetch();
          keepSecret(made);
        }}
        revoke={async ({ id, name }) => {
          const { data, error } = await revoke({ input: { apiKeyId: id } });
          const wrong = troubleOf(data?.revokeApiKey, error);
          if (!wrong) toast({ tone: 'success', text: `Revoked ${name}.` });
          return wrong;
        }}
        warning={({ prefix }) => (
          <>
            Whatever uses <code>{prefix}…</code> is refused from the next request on. This can’t be undone.
          </>
        )}
      />
      {secret && (
        <SecretShown title="API key created" label="API key" value={secret} onClose={() => keepSecret(null)}>
          <p>Give it to what calls the API. It is kept here as a hash alone.</p>
        </SecretShown>
      )}
    </div>
  );
}

function KeyTable({ keys }: { keys: ApiKey[] }) {
  const mayRevoke = useMay('api_key.delete');
  return (
    <div className="card table-card" tabIndex={0} role="region" aria-label="Keys">
      <table className="table" aria-label="API keys">
        <TableHead columns={['Name', 'Environment', 'Prefix', 'Scopes', 'Created', 'Last used', 'Expires']} hidden="Actions" />
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} data-ended={isOver(key) || undefined}>
              <th scope="row">{key.name}</th>
              <td>{key.environment?.name ?? <span className="subtle">Deleted</span>}</td>
              <td>
                <code>{key.prefix}…</code>
              </td>
              <td title={key.permissions.join(', ')}>{scopes(key.permissions)}</td>
              <SecretCells secret={key} mayRevoke={mayRevoke} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function scopes(permissions: readonly string[]): string {
  if (permissions.length <= 2) return permissions.join(', ');
  return `${permissions[0]} and ${permissions.length - 1} more`;
}
