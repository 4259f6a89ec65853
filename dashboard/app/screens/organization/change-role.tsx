/** Change what a member may do everywhere. */
import { useState } from 'react';
import { troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import type { MemberRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Note } from '../../kit/states';
import { ChangeMemberRole } from './documents';
import { useOrganization } from './layout';
import { chosenRole, RoleChoice, roleInput } from './role-choice';

export const WHAT_ROLES_ALLOW =
  'Owner: everything. Admin: everything but making owners. Write: content and keys. Read: to look.';

export function ChangeRole({ member, onClose }: { member: MemberRowFragment; onClose: () => void }) {
  const { viewer } = useOrganization();
  const [value, choose] = useState(chosenRole(member));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, change] = useAct(ChangeMemberRole);

  async function submit() {
    if (!value || fetching) return;
    const { data, error } = await change({ input: { memberId: member.id, ...roleInput(value) } });
    const wrong = troubleOf(data?.changeMemberRole, error);
    setTrouble(wrong);
    if (!wrong) onClose();
  }

  return (
    <Dialog
      title={`Role of ${member.name}`}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={!value} isPending={fetching} pendingText="Changing…" onPress={() => void submit()}>
            Change role
          </Button>
        </>
      }
    >
      <RoleChoice
        label="Role"
        value={value}
        onChange={choose}
        roles={viewer.role === 'OWNER' ? ['OWNER', 'ADMIN', 'WRITE', 'READ'] : ['ADMIN', 'WRITE', 'READ']}
      />
      <p className="field-hint">{WHAT_ROLES_ALLOW}</p>
      {trouble && <Note tone="danger">{trouble}</Note>}
    </Dialog>
  );
}
