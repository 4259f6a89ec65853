/** Why an act is not the viewer's, and who may do it, as far as the viewer may know of people. */
import { useLive } from '../client/query';
import { graphql } from '../gql';
import { Note } from '../kit/states';
import { useApp, useMayInOrganization } from '../shell/app-data';
import { holdersOf } from './holders';

const Holders = graphql(`
  query Holders {
    members(first: 100) {
      totalCount
      nodes {
        id
        name
        role
        permissions
        deactivatedAt
        appAccess(first: 30) {
          totalCount
          nodes {
            role
            switchedOff
            app {
              id
            }
            customRole {
              id
              permissions
            }
          }
        }
      }
    }
  }
`);

export function Needs({ permission }: { permission: string }) {
  const { app } = useApp();
  const mayKnow = useMayInOrganization('member.read');
  const { data } = useLive(Holders, {}, { pause: !mayKnow });
  const names = holdersOf(permission, app.id, data?.members.nodes ?? []);
  return (
    <Note>
      Needs {permission}. {names.length > 0 && `It is held by ${listed(names)}.`}
    </Note>
  );
}

const listed = (names: string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
