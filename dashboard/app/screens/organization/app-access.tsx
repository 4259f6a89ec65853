/** What a member may do in single apps, where that is not what they may do everywhere. */
import { useState } from 'react';
import { troubleOf } from '../../client/outcome';
import { useAct } from '../../client/query';
import type { MemberRowFragment } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Note } from '../../kit/states';
import { ClearAppAccess, SetAppAccess } from './documents';
import { useOrganization } from './layout';
import { chosenRole, RoleChoice, roleInput } from './role-choice';
import { roleName } from './words';

const EVERYWHERE = 'everywhere';
const OFF = 'off';

export function AppAccess({ member, onClose }: { member: MemberRowFragment; onClose: () => void }) {
  const { apps } = useOrganization();
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching: isSetting }, set] = useAct(SetAppAccess);
  const [{ fetching: isClearing }, clear] = useAct(ClearAppAccess);

  async function change(appId: string, value: string) {
    if (value === EVERYWHERE) {
      const { data, error } = await clear({ input: { memberId: member.id, appId } });
      return setTrouble(troubleOf(data?.clearAppAccess, error));
    }
    const to = value === OFF ? { switchedOff: true } : roleInput(value);
    const { data, error } = await set({ input: { memberId: member.id, appId, ...to } });
    setTrouble(troubleOf(data?.setAppAccess, error));
  }

  return (
    <Dialog
      title={`Access of ${member.name}`}
      onClose={onClose}
      footNote={isSetting || isClearing ? 'Saving…' : 'A change counts at once.'}
      foot={<Button onPress={onClose}>Close</Button>}
    >
      <ul className="access" aria-label="Apps">
        {apps.nodes.map((app) => {
          const exception = member.appAccess.nodes.find((one) => one.app.id === app.id);
          return (
            <li key={app.id}>
              <span>{app.name}</span>
              <RoleChoice
                compact
                label={`Role in ${app.name}`}
                value={exception ? (exception.switchedOff ? OFF : chosenRole(exception)) : EVERYWHERE}
                onChange={(value) => void change(app.id, value)}
                roles={['ADMIN', 'WRITE', 'READ']}
                others={[
                  { id: EVERYWHERE, text: `As everywhere (${roleName(member)})` },
                  { id: OFF, text: 'Switched off' },
                ]}
              />
            </li>
          );
        })}
      </ul>
      {trouble && <Note tone="danger">{trouble}</Note>}
    </Dialog>
  );
}
