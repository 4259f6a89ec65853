/** Standing offers of a role, each to one address, with a link that is shown once. */
import { Mail, UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import type { InvitationRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { LiveChip } from '../../kit/chip';
import { Confirm } from '../../kit/confirm';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Actor, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Denied, Empty, LoadError, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { Ending } from '../../parts/ending';
import { SecretShown } from '../../parts/secret-shown';
import { useCloseDialog, useOpenDialog } from '../../shell/address';
import { WHAT_ROLES_ALLOW } from './change-role';
import { Invitations, InviteMember, RevokeInvitation } from './documents';
import { useOrganization } from './layout';
import { RoleChoice, roleInput } from './role-choice';
import { roleName } from './words';

const STATES = {
  OPEN: { progress: 'waiting', text: 'Open' },
  ACCEPTED: { progress: 'done', text: 'Accepted' },
  REVOKED: { progress: 'skipped', text: 'Revoked' },
  EXPIRED: { progress: 'skipped', text: 'Expired' },
} as const;

export function Component() {
  const { viewer } = useOrganization();
  if (!viewer.permissions.includes('member.read')) return <Denied title="Invitations" permission="member.read" />;
  return <InvitationsPage />;
}

function InvitationsPage() {
  const { viewer } = useOrganization();
  const { after } = usePage();
  const openDialog = useOpenDialog();
  const [link, keepLink] = useState<string | null>(null);
  const read = useLive(Invitations, { after });
  const invitations = read.data?.invitations;
  const invite = viewer.organization.viewerCapabilities.inviteMembers.allowed && (
    <Button variant="primary" onPress={() => openDialog('invite')}>
      <UserPlus size={14} aria-hidden />
      Invite
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Invitations" />
        <div className="page-head-aside">{invite}</div>
      </div>
      {read.error && <LoadError what="the invitations" error={read.error} retry={read.refetch} />}
      {!invitations && !read.error && <Skeletons count={3} height="row" />}
      {invitations?.nodes.length === 0 && (
        <Empty icon={Mail} title="Nobody is invited.">
          <p>An invitation is a link that you send yourself. It works once, for the address that it is for.</p>
          {invite}
        </Empty>
      )}
      {invitations && invitations.nodes.length > 0 && (
        <>
          <div className="card table-card" tabIndex={0} role="region" aria-label="Who is invited">
            <table className="table" aria-label="Invitations">
              <TableHead columns={['Address', 'Role', 'State', 'Invited', 'Expires']} hidden="Actions" />
              <tbody>
                {invitations.nodes.map((one) => (
                  <Row key={one.id} invitation={one} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager of={invitations.pageInfo} shown={invitations.nodes.length} total={invitations.totalCount} />
        </>
      )}
      <InvitationDialogs
        invitations={invitations?.nodes ?? []}
        onInvited={(url) => {
          read.refetch();
          keepLink(url);
        }}
      />
      {link && (
        <SecretShown title="Invitation created" label="Link" value={link} onClose={() => keepLink(null)}>
          <p>Send it to them. Pinmark sends no mail.</p>
        </SecretShown>
      )}
    </div>
  );
}

function Row({ invitation }: { invitation: InvitationRowFragment }) {
  const openDialog = useOpenDialog();
  const { viewer } = useOrganization();
  const { progress, text } = STATES[invitation.state];
  const isOpen = invitation.state === 'OPEN';
  return (
    <tr data-ended={!isOpen || undefined}>
      <th scope="row">{invitation.email}</th>
      <td>{roleName(invitation)}</td>
      <td>
        <LiveChip progress={progress}>{text}</LiveChip>
      </td>
      <td>
        <span className="row-by subtle">
          <Actor actor={invitation.createdBy} />
          <Time at={invitation.createdAt} />
        </span>
      </td>
      <td>{isOpen ? <Ending expiresAt={invitation.expiresAt} /> : <Time at={invitation.expiresAt} />}</td>
      <td className="row-acts">
        {isOpen && viewer.organization.viewerCapabilities.inviteMembers.allowed && (
          <Button
            variant="quiet"
            size="small"
            aria-label={`Revoke ${invitation.email}`}
            onPress={() => openDialog('revoke', { id: invitation.id })}
          >
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}

function InvitationDialogs({
  invitations,
  onInvited,
}: {
  invitations: InvitationRowFragment[];
  onInvited: (url: string) => void;
}) {
  const { viewer } = useOrganization();
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const [, revoke] = useAct(RevokeInvitation);
  const chosen = invitations.find(({ id }) => id === search.get('id'));
  if (!viewer.organization.viewerCapabilities.inviteMembers.allowed) return null;
  if (search.get('dialog') === 'invite') {
    return (
      <Invite
        onClose={close}
        onInvited={(url) => {
          close();
          onInvited(url);
        }}
      />
    );
  }
  if (search.get('dialog') !== 'revoke' || chosen?.state !== 'OPEN') return null;
  return (
    <Confirm
      title={`Revoke the invitation of ${chosen.email}`}
      act="Revoke invitation"
      pendingText="Revoking…"
      onClose={close}
      onAct={async () => {
        const { data, error } = await revoke({ input: { invitationId: chosen.id } });
        return troubleOf(data?.revokeInvitation, error);
      }}
    >
      <p>Its link is refused from now on.</p>
    </Confirm>
  );
}

function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (url: string) => void }) {
  const { viewer } = useOrganization();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('READ');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, invite] = useAct(InviteMember);
  const idempotencyKey = useMemo(newIdempotencyKey, [email, role]);

  async function submit() {
    const { data, error } = await invite({ input: { email: email.trim(), ...roleInput(role), idempotencyKey } });
    const result = data?.inviteMember;
    const wrong = troubleOf(result, error, 'Couldn’t invite. Nothing was changed.');
    setTrouble(wrong);
    if (!wrong && result && 'url' in result) onInvited(result.url);
  }

  return (
    <FormDialog
      title="Invite"
      act="Create link"
      pendingText="Inviting…"
      isPending={fetching}
      isReady={email.trim() !== ''}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Email" type="email" value={email} onChange={setEmail} autoFocus placeholder="ada@example.com" trouble={trouble} />
      <RoleChoice
        label="Role"
        value={role}
        onChange={setRole}
        roles={viewer.role === 'OWNER' ? ['OWNER', 'ADMIN', 'WRITE', 'READ'] : ['ADMIN', 'WRITE', 'READ']}
      />
      <p className="field-hint">{WHAT_ROLES_ALLOW}</p>
    </FormDialog>
  );
}
