/** Who is in the organization, and what each of them may do where. */
import { Ellipsis, UserPlus } from 'lucide-react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import { troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import type { MemberRowFragment } from '../../gql/graphql';
import { ButtonLink } from '../../kit/button';
import { Chip } from '../../kit/chip';
import { Confirm } from '../../kit/confirm';
import { initials, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Denied, LoadError, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { TableHead } from '../../kit/table-head';
import { useCloseDialog, useOpenDialog } from '../../shell/address';
import { AppAccess } from './app-access';
import { ChangeRole } from './change-role';
import { DeactivateMember, Members, ReactivateMember } from './documents';
import { useOrganization } from './layout';
import { roleName } from './words';

export function Component() {
  const { viewer } = useOrganization();
  if (!viewer.permissions.includes('member.read')) return <Denied title="Members" permission="member.read" />;
  return <MembersPage />;
}

function MembersPage() {
  const { viewer } = useOrganization();
  const { after } = usePage();
  const read = useLive(Members, { after });
  const members = read.data?.members;
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Members" />
        {viewer.organization.viewerCapabilities.inviteMembers.allowed && (
          <div className="page-head-aside">
            <ButtonLink variant="primary" to="/organization/invitations?dialog=invite">
              <UserPlus size={14} aria-hidden />
              Invite
            </ButtonLink>
          </div>
        )}
      </div>
      {read.error && <LoadError what="the members" error={read.error} retry={read.refetch} />}
      {!members && !read.error && <Skeletons count={4} height="row" />}
      {members && (
        <>
          <div className="card table-card" tabIndex={0} role="region" aria-label="Who is in">
            <table className="table" aria-label="Members">
              <TableHead columns={['Name', 'Role', 'In single apps', 'Joined']} hidden="Actions" />
              <tbody>
                {members.nodes.map((member) => (
                  <Row key={member.id} member={member} isViewer={member.id === viewer.member?.id} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager of={members.pageInfo} shown={members.nodes.length} total={members.totalCount} />
        </>
      )}
      <MemberDialogs members={members?.nodes ?? []} />
    </div>
  );
}

function Row({ member, isViewer }: { member: MemberRowFragment; isViewer: boolean }) {
  const exceptions = member.appAccess.nodes;
  return (
    <tr data-ended={member.deactivatedAt ? true : undefined}>
      <th scope="row">
        <span className="member">
          <span className="avatar" aria-hidden>
            {initials(member.name)}
          </span>
          <span>
            {member.name} {isViewer && <Chip look="outline">You</Chip>}{' '}
            {member.deactivatedAt && <Chip>Deactivated</Chip>}
            {member.email && <span className="member-email subtle">{member.email}</span>}
          </span>
        </span>
      </th>
      <td>{roleName(member)}</td>
      <td>
        {exceptions.length === 0 ? (
          <span className="subtle">As everywhere</span>
        ) : (
          exceptions.map((one) => `${one.app.name}: ${one.switchedOff ? 'off' : roleName(one)}`).join(', ')
        )}
      </td>
      <td>
        <Time at={member.createdAt} />
      </td>
      <td className="row-acts">
        <Acts member={member} />
      </td>
    </tr>
  );
}

function Acts({ member }: { member: MemberRowFragment }) {
  const { viewer } = useOrganization();
  const openDialog = useOpenDialog();
  const [, reactivate] = useAct(ReactivateMember);
  if (!viewer.organization.viewerCapabilities.changeMembers.allowed) return null;

  async function backIn() {
    const { data, error } = await reactivate({ input: { memberId: member.id } });
    const wrong = troubleOf(data?.reactivateMember, error);
    toast(wrong ? { tone: 'danger', text: wrong } : { tone: 'success', text: `${member.name} is back.` });
  }

  const open = (dialog: 'role' | 'access' | 'deactivate') => () => openDialog(dialog, { id: member.id });
  return (
    <MenuTrigger>
      <AriaButton
        className="button"
        data-variant="quiet"
        data-size="small"
        data-icon-only
        aria-label={`Actions for ${member.name}`}
      >
        <Ellipsis size={15} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          {member.deactivatedAt ? (
            <MenuItem className="menu-item" onAction={() => void backIn()}>
              <Text slot="label">Reactivate</Text>
            </MenuItem>
          ) : (
            <>
              <MenuItem className="menu-item" onAction={open('role')}>
                <Text slot="label">Change role</Text>
              </MenuItem>
              {member.role !== 'OWNER' && (
                <MenuItem className="menu-item" onAction={open('access')}>
                  <Text slot="label">Access to apps</Text>
                </MenuItem>
              )}
              <MenuItem className="menu-item" onAction={open('deactivate')}>
                <Text slot="label">Deactivate</Text>
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function MemberDialogs({ members }: { members: MemberRowFragment[] }) {
  const { viewer } = useOrganization();
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const [, deactivate] = useAct(DeactivateMember);
  const member = members.find(({ id }) => id === search.get('id'));
  if (!member || !viewer.organization.viewerCapabilities.changeMembers.allowed) return null;
  switch (search.get('dialog')) {
    case 'role':
      return <ChangeRole member={member} onClose={close} />;
    case 'access':
      return <AppAccess member={member} onClose={close} />;
    case 'deactivate':
      return (
        <Confirm
          title={`Deactivate ${member.name}`}
          act="Deactivate"
          pendingText="Deactivating…"
          onClose={close}
          onAct={async () => {
            const { data, error } = await deactivate({ input: { memberId: member.id } });
            return troubleOf(data?.deactivateMember, error);
          }}
        >
          <p>
            Their sessions and access tokens end at once. What they have done stays in the audit log, and they can be
            reactivated.
          </p>
        </Confirm>
      );
    default:
      return null;
  }
}
