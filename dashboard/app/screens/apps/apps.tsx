/** The apps that the viewer may see. */
import { Boxes, GitBranch, Plus } from 'lucide-react';
import { Link, useSearchParams } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { AppsQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { PageHeading } from '../../kit/page';
import { PinLabel } from '../../kit/identity';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { appPage, useCloseDialog, useOpenDialog } from '../../shell/address';
import { Header } from '../../shell/header';
import { CreateApp } from './create-app';
import './apps.css';

const Apps = graphql(`
  query Apps {
    viewer {
      id
      name
      role
      organization {
        name
        viewerCapabilities {
          createApp {
            allowed
            reason
          }
        }
      }
    }
    apps(first: 100) {
      totalCount
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
  const openDialog = useOpenDialog();
  const create = data?.viewer.organization.viewerCapabilities.createApp.allowed && (
    <Button variant="primary" onPress={() => openDialog('new-app')}>
      <Plus size={14} aria-hidden />
      Create app
    </Button>
  );
  return (
    <div className="shell">
      <Header crumb="Apps" {...(data && { viewer: data.viewer })} />
      <main id="content" className="content">
        <div className="page">
          <div className="page-head">
            <PageHeading title="Apps" />
            <div className="page-head-aside">{create}</div>
          </div>
          {error && <LoadError what="the apps" error={error} retry={refetch} />}
          {!data && !error && <Skeletons count={3} height="card" />}
          {data?.apps.nodes.length === 0 && (
            <Empty icon={Boxes} title="No app yet.">
              <p>An app is a Git repository, its environments, and what was promoted between them.</p>
              {create}
            </Empty>
          )}
          <ul className="apps">
            {data?.apps.nodes.map((app) => (
              <AppCard key={app.id} app={app} />
            ))}
          </ul>
        </div>
      </main>
      {data && <AppsDialogs capability={data.viewer.organization.viewerCapabilities.createApp} />}
    </div>
  );
}

function AppCard({ app }: { app: AppsQuery['apps']['nodes'][number] }) {
  const more = app.environments.totalCount - app.environments.nodes.length;
  return (
    <li className="card app-card">
      <Link to={appPage(app.name)} className="app-name">
        {app.name}
      </Link>
      <span className="subtle app-repository">
        <GitBranch size={12} aria-hidden />
        <span>{app.repository ? `${app.repository.url} · ${app.repository.branch}` : 'No repository linked'}</span>
      </span>
      <span className="app-environments">
        {app.environments.nodes.map((one) => (
          <span key={one.id} className="app-environment">
            {one.name} <PinLabel label={one.pinLabel} state={one.state} />
          </span>
        ))}
        {more > 0 && <span className="subtle">and {more} more</span>}
      </span>
    </li>
  );
}

function AppsDialogs({ capability }: { capability: { allowed: boolean; reason?: string | null | undefined } }) {
  const [search] = useSearchParams();
  const close = useCloseDialog();
  if (search.get('dialog') !== 'new-app') return null;
  if (capability.allowed) return <CreateApp onClose={close} />;
  return (
    <Dialog title="You can’t create an app" onClose={close} foot={<Button onPress={close}>Close</Button>}>
      <Note>{capability.reason ?? 'Needs app.insert.'}</Note>
    </Dialog>
  );
}
