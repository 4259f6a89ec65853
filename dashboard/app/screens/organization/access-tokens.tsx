/** What the viewer shows from programs of their own: as good as they are themselves. */
import { KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { AccessTokenRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { isOver } from '../../parts/ending';
import { ExpiryChoice, expiresAt, IN_90_DAYS } from '../../parts/expiry';
import { SecretShown } from '../../parts/secret-shown';
import { type Creating, REVOKED_AT_ONCE, SecretCells, SecretDialogs } from '../../parts/secrets';
import { useOpenDialog } from '../../shell/address';
import { useOrganization } from './layout';

export const AccessTokenRow = graphql(`
  fragment AccessTokenRow on AccessToken {
    id
    prefix
    name
    createdAt
    lastUsedAt
    expiresAt
    revokedAt
  }
`);

const AccessTokens = graphql(`
  query AccessTokens($after: String) {
    viewer {
      id
      member {
        id
        accessTokens(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...AccessTokenRow
          }
        }
      }
    }
  }
`);

const CreateAccessToken = graphql(`
  mutation CreateAccessToken($input: CreateAccessTokenInput!) {
    createAccessToken(input: $input) {
      ... on CreateAccessTokenSuccess {
        accessToken {
          ...AccessTokenRow
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

const RevokeAccessToken = graphql(`
  mutation RevokeAccessToken($input: RevokeAccessTokenInput!) {
    revokeAccessToken(input: $input) {
      ... on RevokeAccessTokenSuccess {
        accessToken {
          ...AccessTokenRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export function Component() {
  const { viewer } = useOrganization();
  const { after } = usePage();
  const openDialog = useOpenDialog();
  const [secret, keepSecret] = useState<string | null>(null);
  const [, revoke] = useAct(RevokeAccessToken);
  const read = useLive(AccessTokens, { after }, { pause: !viewer.member });
  const tokens = read.data?.viewer.member?.accessTokens;
  const create = viewer.member && (
    <Button variant="primary" onPress={() => openDialog('new-key')}>
      <Plus size={14} aria-hidden />
      Create access token
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Access tokens" />
        <div className="page-head-aside">{create}</div>
      </div>
      {read.error && <LoadError what="your access tokens" error={read.error} retry={read.refetch} />}
      {viewer.member && !tokens && !read.error && <Skeletons count={3} height="row" />}
      {!viewer.member && <Empty icon={KeyRound} title="Only a member has access tokens." />}
      {tokens?.nodes.length === 0 && (
        <Empty icon={KeyRound} title="No access tokens.">
          <p>With one, a program of yours may do what you may, until it ends or you leave.</p>
          {create}
        </Empty>
      )}
      {tokens && tokens.nodes.length > 0 && (
        <>
          <TokenTable tokens={tokens.nodes} />
          <Pager of={tokens.pageInfo} shown={tokens.nodes.length} total={tokens.totalCount} />
        </>
      )}
      <SecretDialogs
        secrets={tokens?.nodes ?? []}
        act="Revoke token"
        mayCreate={Boolean(viewer.member)}
        create={(creating) => <Create {...creating} />}
        onCreated={(made) => {
          read.refetch();
          keepSecret(made);
        }}
        revoke={async ({ id }) => {
          const { data, error } = await revoke({ input: { accessTokenId: id } });
          return troubleOf(data?.revokeAccessToken, error);
        }}
        warning={() => REVOKED_AT_ONCE}
      />
      {secret && (
        <SecretShown title="Access token created" label="Access token" value={secret} onClose={() => keepSecret(null)} />
      )}
    </div>
  );
}

function TokenTable({ tokens }: { tokens: AccessTokenRowFragment[] }) {
  return (
    <div className="card table-card" tabIndex={0} role="region" aria-label="Tokens">
      <table className="table" aria-label="Access tokens">
        <TableHead columns={['Name', 'Prefix', 'Created', 'Last used', 'Expires']} hidden="Actions" />
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} data-ended={isOver(token) || undefined}>
              <th scope="row">{token.name}</th>
              <td>
                <code>{token.prefix}…</code>
              </td>
              <SecretCells secret={token} mayRevoke={true} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Create({ onClose, onCreated }: Creating) {
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useState(IN_90_DAYS);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, create] = useAct(CreateAccessToken);
  const until = useMemo(() => expiresAt(expiry), [expiry]);
  const idempotencyKey = useMemo(newIdempotencyKey, [name, expiry]);

  async function submit() {
    const { data, error } = await create({ input: { name: name.trim(), expiresAt: until, idempotencyKey } });
    const result = data?.createAccessToken;
    const wrong = troubleOf(result, error, 'Couldn’t create. Nothing was changed.');
    setTrouble(wrong);
    if (!wrong && result && 'plaintext' in result) onCreated(result.plaintext);
  }

  return (
    <FormDialog
      title="Create access token"
      act="Create"
      pendingText="Creating…"
      isPending={fetching}
      isReady={name.trim() !== ''}
      onSubmit={submit}
      onClose={onClose}
      after={trouble && <Note tone="danger">{trouble}</Note>}
    >
      <Field label="Name" value={name} onChange={setName} autoFocus maxLength={100} placeholder="My laptop" />
      <ExpiryChoice value={expiry} onChange={setExpiry} />
    </FormDialog>
  );
}
