/** Where the viewer is signed in. */
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { troubleOf } from '../../client/outcome';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Chip } from '../../kit/chip';
import { Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { browserName } from './browser-name';

const Sessions = graphql(`
  query Sessions {
    viewer {
      id
      sessions(first: 100) {
        totalCount
        nodes {
          id
          method
          userAgent
          createdAt
          lastSeenAt
          expiresAt
          endedAt
          isCurrent
        }
      }
    }
  }
`);

const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      ... on EndSessionSuccess {
        session {
          id
          endedAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

const EndOtherSessions = graphql(`
  mutation EndOtherSessions($input: EndOtherSessionsInput!) {
    endOtherSessions(input: $input) {
      ... on EndOtherSessionsSuccess {
        endedCount
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export function Component() {
  const read = useLive(Sessions, {});
  const sessions = read.data?.viewer.sessions.nodes.filter(({ endedAt }) => !endedAt);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [{ fetching }, endOthers] = useAct(EndOtherSessions);
  const [, end] = useAct(EndSession);

  async function endOne(sessionId: string) {
    const { data, error } = await end({ input: { sessionId } });
    setTrouble(troubleOf(data?.endSession, error));
  }

  async function endAll() {
    const { data, error } = await endOthers({ input: {} });
    setTrouble(troubleOf(data?.endOtherSessions, error));
    read.refetch();
  }

  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Sessions" />
        {sessions && sessions.length > 1 && (
          <div className="page-head-aside">
            <Button isPending={fetching} pendingText="Signing out…" onPress={() => void endAll()}>
              Sign out everywhere else
            </Button>
          </div>
        )}
      </div>
      {trouble && <Note tone="danger">{trouble}</Note>}
      {read.error && <LoadError what="your sessions" error={read.error} retry={read.refetch} />}
      {!sessions && !read.error && <Skeletons count={2} height="row" />}
      {sessions?.length === 0 && <Empty icon={MonitorSmartphone} title="Not signed in with a browser." />}
      {sessions && sessions.length > 0 && (
        <div className="card table-card" tabIndex={0} role="region" aria-label="Where you are signed in">
          <table className="table" aria-label="Sessions">
            <TableHead columns={['Browser', 'Signed in with', 'Since', 'Last seen', 'Ends']} hidden="Actions" />
            <tbody>
              {sessions.map((one) => (
                <tr key={one.id}>
                  <th scope="row" title={one.userAgent}>
                    {browserName(one.userAgent)} {one.isCurrent && <Chip tone="success">This one</Chip>}
                  </th>
                  <td>{one.method === 'LINK' ? 'One-time link' : 'Provider'}</td>
                  <td>
                    <Time at={one.createdAt} />
                  </td>
                  <td>
                    <Time at={one.lastSeenAt} />
                  </td>
                  <td>{new Date(one.expiresAt).toLocaleDateString('en-GB', { dateStyle: 'medium' })}</td>
                  <td className="row-acts">
                    {!one.isCurrent && (
                      <Button size="small" variant="quiet" onPress={() => void endOne(one.id)}>
                        Sign out
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
