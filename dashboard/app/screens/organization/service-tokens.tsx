/** Tokens of programs that act for the organization, such as a pipeline. */
import { KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import type { Role, ServiceTokenRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Checks } from '../../kit/checks';
import { Choice } from '../../kit/choice';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Denied, Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { isOver } from '../../parts/ending';
import { ExpiryChoice, expiresAt, IN_90_DAYS } from '../../parts/expiry';
import { SecretShown } from '../../parts/secret-shown';
import { type Creating, REVOKED_AT_ONCE, SecretCells, SecretDialogs } from '../../parts/secrets';
import { useOpenDialog } from '../../shell/address';
import { CreateServiceToken, RevokeServiceToken, ServiceTokens } from './documents';
import { useOrganization } from './layout';
import { inWords } from './words';

const SINGLE = 'single';
const EVERY_APP = '*';

export function Component() {
  const { viewer } = useOrganization();
  if (!viewer.permissions.includes('member.read')) return <Denied title="Service tokens" permission="member.read" />;
  return <Tokens />;
}

function Tokens() {
  const { viewer } = useOrganization();
  const mayWrite = viewer.permissions.includes('member.write');
  const { after } = usePage();
  const openDialog = useOpenDialog();
  const [secret, keepSecret] = useState<string | null>(null);
  const [, revoke] = useAct(RevokeServiceToken);
  const read = useLive(ServiceTokens, { after });
  const tokens = read.data?.serviceTokens;
  const create = mayWrite && (
    <Button variant="primary" onPress={() => openDialog('new-key')}>
      <Plus size={14} aria-hidden />
      Create service token
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Service tokens" />
        <div className="page-head-aside">{create}</div>
      </div>
      {read.error && <LoadError what="the service tokens" error={read.error} retry={read.refetch} />}
      {!tokens && !read.error && <Skeletons count={3} height="row" />}
      {tokens?.nodes.length === 0 && (
        <Empty icon={KeyRound} title="No service tokens.">
          <p>A pipeline that promotes needs one. It belongs to the organization and outlives whoever made it.</p>
          {create}
        </Empty>
      )}
      {tokens && tokens.nodes.length > 0 && (
        <>
          <TokenTable tokens={tokens.nodes} mayWrite={mayWrite} />
          <Pager of={tokens.pageInfo} shown={tokens.nodes.length} total={tokens.totalCount} />
        </>
      )}
      {mayWrite && (
        <SecretDialogs
          secrets={tokens?.nodes ?? []}
          act="Revoke token"
          mayCreate
          create={(creating) => <Create {...creating} />}
          onCreated={(made) => {
            read.refetch();
            keepSecret(made);
          }}
          revoke={async ({ id }) => {
            const { data, error } = await revoke({ input: { serviceTokenId: id } });
            return troubleOf(data?.revokeServiceToken, error);
          }}
          warning={() => REVOKED_AT_ONCE}
        />
      )}
      {secret && (
        <SecretShown title="Service token created" label="Service token" value={secret} onClose={() => keepSecret(null)} />
      )}
    </div>
  );
}

function TokenTable({ tokens, mayWrite }: { tokens: ServiceTokenRowFragment[]; mayWrite: boolean }) {
  return (
    <div className="card table-card" tabIndex={0} role="region" aria-label="Tokens">
      <table className="table" aria-label="Service tokens">
        <TableHead columns={['Name', 'Prefix', 'May', 'Apps', 'Created', 'Last used', 'Expires']} hidden="Actions" />
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} data-ended={isOver(token) || undefined}>
              <th scope="row">{token.name}</th>
              <td>
                <code>{token.prefix}…</code>
              </td>
              <td title={token.permissions.join(', ')}>
                {token.role ? inWords(token.role) : `${token.permissions.length} permissions`}
              </td>
              <td>{token.limitedTo ? token.limitedTo.map(({ name }) => name).join(', ') : 'All'}</td>
              <SecretCells secret={token} mayRevoke={mayWrite} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Create({ onClose, onCreated }: Creating) {
  const { viewer, apps } = useOrganization();
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>(SINGLE);
  const [permissions, setPermissions] = useState<string[]>(['deployment.read', 'environment.promote', 'environment.read']);
  const [app, setApp] = useState(EVERY_APP);
  const [expiry, setExpiry] = useState(IN_90_DAYS);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, create] = useAct(CreateServiceToken);
  const until = useMemo(() => expiresAt(expiry), [expiry]);
  const idempotencyKey = useMemo(newIdempotencyKey, [name, role, permissions, app, expiry]);

  async function submit() {
    const { data, error } = await create({
      input: {
        name: name.trim(),
        role: role === SINGLE ? null : (role as Role),
        permissions: role === SINGLE ? permissions : [],
        appIds: app === EVERY_APP ? null : [app],
        expiresAt: until,
        idempotencyKey,
      },
    });
    const result = data?.createServiceToken;
    const wrong = troubleOf(result, error, 'Couldn’t create. Nothing was changed.');
    setTrouble(wrong);
    if (!wrong && result && 'plaintext' in result) onCreated(result.plaintext);
  }

  return (
    <FormDialog
      title="Create service token"
      act="Create"
      pendingText="Creating…"
      isPending={fetching}
      isReady={name.trim() !== '' && (role !== SINGLE || permissions.length > 0)}
      onSubmit={submit}
      onClose={onClose}
      after={trouble && <Note tone="danger">{trouble}</Note>}
    >
      <Field label="Name" value={name} onChange={setName} autoFocus maxLength={100} placeholder="Release pipeline" />
      <div className="two">
        <Choice
          label="Apps"
          value={app}
          onChange={setApp}
          options={[
            { id: EVERY_APP, text: 'All apps' },
            ...apps.nodes.map((one) => ({ id: one.id, text: one.name })),
          ]}
        />
        <ExpiryChoice value={expiry} onChange={setExpiry} />
      </div>
      <Choice
        label="May"
        value={role}
        onChange={setRole}
        options={[
          { id: SINGLE, text: 'Single permissions' },
          ...['ADMIN', 'WRITE', 'READ'].map((id) => ({ id, text: `Everything that ${inWords(id)} may` })),
        ]}
      />
      {role === SINGLE && (
        <Checks
          label="Permissions"
          options={[...viewer.permissions].sort()}
          value={permissions}
          onChange={setPermissions}
        />
      )}
    </FormDialog>
  );
}
