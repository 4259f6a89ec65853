/** Roles of the organization's own: a name for a set of permissions. */
import { Pencil, Plus, Shapes, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { newIdempotencyKey, troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import type { CustomRoleRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Checks } from '../../kit/checks';
import { Confirm } from '../../kit/confirm';
import { Field } from '../../kit/field';
import { FormDialog } from '../../kit/form-dialog';
import { Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Denied, Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { useCloseDialog, useOpenDialog } from '../../shell/address';
import { CreateCustomRole, DeleteCustomRole, RoleChoices, UpdateCustomRole } from './documents';
import { useOrganization } from './layout';

export function Component() {
  const { viewer } = useOrganization();
  if (!viewer.permissions.includes('member.read')) return <Denied title="Roles" permission="member.read" />;
  return <Roles />;
}

function Roles() {
  const { viewer } = useOrganization();
  const mayChange = viewer.organization.viewerCapabilities.changeRoles.allowed;
  const openDialog = useOpenDialog();
  const read = useLive(RoleChoices, {});
  const roles = read.data?.customRoles.nodes;
  const create = mayChange && (
    <Button variant="primary" onPress={() => openDialog('role')}>
      <Plus size={14} aria-hidden />
      Create role
    </Button>
  );
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Roles" />
        <div className="page-head-aside">{create}</div>
      </div>
      <p className="muted">
        Owner, Admin, Write and Read are always there. A role of your own is a name for just the permissions that you
        tick.
      </p>
      {read.error && <LoadError what="the roles" error={read.error} retry={read.refetch} />}
      {!roles && !read.error && <Skeletons count={2} height="row" />}
      {roles?.length === 0 && (
        <Empty icon={Shapes} title="No roles of your own.">
          <p>Such as a release manager: everything that Read has, and environment.promote.</p>
          {create}
        </Empty>
      )}
      {roles && roles.length > 0 && (
        <div className="card table-card" tabIndex={0} role="region" aria-label="Own roles">
          <table className="table" aria-label="Roles">
            <TableHead columns={['Name', 'Permissions', 'Created']} hidden="Actions" />
            <tbody>
              {roles.map((role) => (
                <tr key={role.id}>
                  <th scope="row">{role.name}</th>
                  <td>
                    <span className="permission-list">
                      {role.permissions.map((one) => (
                        <span key={one} className="permission">
                          {one}
                        </span>
                      ))}
                    </span>
                  </td>
                  <td>
                    <Time at={role.createdAt} />
                  </td>
                  <td className="row-acts">{mayChange && <Acts role={role} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {mayChange && <RoleDialogs roles={roles ?? []} refetch={read.refetch} />}
    </div>
  );
}

function Acts({ role }: { role: CustomRoleRowFragment }) {
  const openDialog = useOpenDialog();
  return (
    <>
      <Button
        variant="quiet"
        size="small"
        iconOnly
        aria-label={`Change ${role.name}`}
        onPress={() => openDialog('role', { id: role.id })}
      >
        <Pencil size={14} aria-hidden />
      </Button>
      <Button
        variant="quiet"
        size="small"
        iconOnly
        aria-label={`Delete ${role.name}`}
        onPress={() => openDialog('revoke', { id: role.id })}
      >
        <Trash2 size={14} aria-hidden />
      </Button>
    </>
  );
}

function RoleDialogs({ roles, refetch }: { roles: CustomRoleRowFragment[]; refetch: () => void }) {
  const [search] = useSearchParams();
  const close = useCloseDialog();
  const [, remove] = useAct(DeleteCustomRole);
  const chosen = roles.find(({ id }) => id === search.get('id'));
  if (search.get('dialog') === 'role') {
    return <EditRole key={chosen?.id ?? 'new'} role={chosen} onClose={close} onSaved={refetch} />;
  }
  if (search.get('dialog') !== 'revoke' || !chosen) return null;
  return (
    <Confirm
      title={`Delete ${chosen.name}`}
      act="Delete role"
      pendingText="Deleting…"
      onClose={close}
      onAct={async () => {
        const { data, error } = await remove({ input: { customRoleId: chosen.id } });
        const wrong = troubleOf(data?.deleteCustomRole, error);
        if (!wrong) refetch();
        return wrong;
      }}
    >
      <p>Only a role that nobody has can be deleted.</p>
    </Confirm>
  );
}

function EditRole({
  role,
  onClose,
  onSaved,
}: {
  role: CustomRoleRowFragment | undefined;
  onClose: () => void;
  onSaved: () => void;
}) {
  const { viewer } = useOrganization();
  const [name, setName] = useState(role?.name ?? '');
  const [permissions, setPermissions] = useState<string[]>(role?.permissions ?? ['environment.read', 'deployment.read']);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching: isCreating }, create] = useAct(CreateCustomRole);
  const [{ fetching: isUpdating }, update] = useAct(UpdateCustomRole);
  const idempotencyKey = useMemo(newIdempotencyKey, [name, permissions]);
  const isPending = isCreating || isUpdating;
  const options = [...new Set([...viewer.permissions, ...(role?.permissions ?? [])])].sort();

  async function submit() {
    const wrong = role ? await change(role.id) : await make();
    setTrouble(wrong);
    if (wrong) return;
    onSaved();
    onClose();
  }

  async function make() {
    const { data, error } = await create({ input: { name: name.trim(), permissions, idempotencyKey } });
    return troubleOf(data?.createCustomRole, error);
  }

  async function change(customRoleId: string) {
    const { data, error } = await update({ input: { customRoleId, name: name.trim(), permissions } });
    return troubleOf(data?.updateCustomRole, error);
  }

  return (
    <FormDialog
      title={role ? `Change ${role.name}` : 'Create role'}
      act={role ? 'Save' : 'Create'}
      pendingText="Saving…"
      isPending={isPending}
      isReady={name.trim() !== '' && permissions.length > 0}
      onSubmit={submit}
      onClose={onClose}
      after={trouble && <Note tone="danger">{trouble}</Note>}
    >
      <Field label="Name" value={name} onChange={setName} autoFocus maxLength={40} placeholder="Release manager" />
      <Checks label="Permissions" options={options} value={permissions} onChange={setPermissions} />
    </FormDialog>
  );
}
