/** The apps that the viewer may see. */
import { Boxes } from 'lucide-react';
import { Link } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { PageHeading } from '../../kit/page';
import { PinLabel } from '../../kit/identity';
import { Empty, LoadError, Skeletons } from '../../kit/states';
import { Header } from '../../shell/header';
import './apps.css';

const Apps = graphql(`
  query Apps {
    apps(first: 100) {
      nodes {
        id
        name
        repository {
          id
          url
          branch
        }
        environments(first: 8) {
          totalCount
          nodes {
            id
            name
            state
            pinLabel
          }
        }
      }
    }
  }
`);

export function Component() {
  const { data, error, refetch } = useLive(Apps, {});
  return (
    <div className="shell">
      <Header />
      <main id="content" className="content">
        <div className="page">
          <PageHeading title="Apps" />
          {error && <LoadError what="the apps" error={error} retry={refetch} />}
          {!data && !error && <Skeletons count={3} height="row" />}
          {data?.apps.nodes.length === 0 && (
            <Empty icon={Boxes} title="No app yet.">
              <p>Create one with the API: the mutation is createApp.</p>
            </Empty>
          )}
          <ul className="apps">
            {data?.apps.nodes.map((app) => (
              <li key={app.id} className="card app-card">
                <Link to={`/${app.name}`} className="app-name">
                  {app.name}
                </Link>
                <span className="subtle app-repository">
                  {app.repository ? `${app.repository.url} · ${app.repository.branch}` : 'No repository linked'}
                </span>
                <span className="app-environments">
                  {app.environments.nodes.map((one) => (
                    <span key={one.id} className="app-environment">
                      {one.name} <PinLabel label={one.pinLabel} state={one.state} />
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </main>
    </div>
  );
}
