/** What the pages of one environment share: its name and state, its acts, its tabs. */
import { ArrowUpFromLine, History } from 'lucide-react';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Outlet, useLocation, useParams } from 'react-router';
import { useAppEvents } from '../client/app-events';
import { Button } from '../kit/button';
import { LiveChip } from '../kit/chip';
import { PinLabel, Sha, Time } from '../kit/identity';
import { Nearest } from '../kit/nearest';
import { NotFound } from '../kit/states';
import { appPage, useOpenDialog } from './address';
import { type Environment, useApp, useMay } from './app-data';

const EnvironmentContext = createContext<Environment | null>(null);

export function useEnvironment(): Environment {
  const environment = useContext(EnvironmentContext);
  if (!environment) throw new Error('Only inside of an environment.');
  return environment;
}

export function Component() {
  const { app } = useApp();
  const { environment: name } = useParams();
  const environment = app.environments.nodes.find((one) => one.name === name);
  const deletedBy = useDeletedBy(name);
  if (!environment) {
    return (
      <NotFound
        what={deletedBy ? `This environment was deleted by ${deletedBy}.` : `No environment named ${name}`}
        {...(deletedBy && { why: 'Its history stays in the audit log.' })}
        nearest={<Nearest to={name} of={app.environments.nodes} at={(one) => `${appPage(app.name)}/e/${one.name}`} />}
      />
    );
  }
  return (
    <EnvironmentContext value={environment}>
      <div className="page">
        <EnvironmentHead environment={environment} />
        <EnvironmentTabs at={`${appPage(app.name)}/e/${environment.name}`}>
          <Outlet />
        </EnvironmentTabs>
      </div>
    </EnvironmentContext>
  );
}

/** Who deleted the environment of this page while it was open. */
function useDeletedBy(name: string | undefined): string | null {
  const [deleted, remember] = useState<{ name: string; by: string } | null>(null);
  useAppEvents((event) => {
    if (event?.kind !== 'ENVIRONMENT_DELETED' || !event.environment) return;
    remember({ name: event.environment.name, by: event.actor?.name ?? 'somebody' });
  });
  return deleted?.name === name ? (deleted?.by ?? null) : null;
}

function EnvironmentHead({ environment }: { environment: Environment }) {
  const mayPromote = useMay('environment.promote') && !environment.isDefault;
  const openDialog = useOpenDialog();
  const commit = environment.contentCommit;
  return (
    <div className="environment-head">
      <div className="environment-title">
        <span className="environment-name">{environment.name}</span>
        <PinLabel label={environment.pinLabel} state={environment.state} />
        {environment.deploying && <LiveChip progress="running">Deploying…</LiveChip>}
      </div>
      <p className="environment-serves muted">
        {commit ? (
          <>
            Serves <Sha sha={commit.sha} short={commit.shortSha} />{' '}
            <span className="environment-message">{commit.message?.split('\n')[0]}</span>
            {environment.pin && (
              <span>
                {' '}
                · since <Time at={environment.pin.since} />
              </span>
            )}
          </>
        ) : (
          'Serves nothing yet.'
        )}
      </p>
      {mayPromote && (
        <div className="page-head-aside">
          {environment.currentVersion > 1 && environment.pin && (
            <Button onPress={() => openDialog('rollback')}>
              <History size={14} aria-hidden />
              Roll back
            </Button>
          )}
          <Button variant="primary" onPress={() => openDialog('promote')}>
            <ArrowUpFromLine size={14} aria-hidden />
            Promote to {environment.name}
          </Button>
        </div>
      )}
    </div>
  );
}

const TABS = [
  { path: 'deployments', text: 'Deployments' },
  { path: 'timeline', text: 'Timeline' },
  { path: 'settings/general', text: 'Settings' },
];

function EnvironmentTabs({ at, children }: { at: string; children: ReactNode }) {
  const { pathname } = useLocation();
  const current = TABS.find(({ path }) => pathname.startsWith(`${at}/${path.split('/')[0]}`)) ?? TABS[0]!;
  return (
    <Tabs selectedKey={current.path} keyboardActivation="manual" className="tabs">
      <TabList aria-label="Environment" className="tab-list">
        {TABS.map(({ path, text }) => (
          <Tab key={path} id={path} href={`${at}/${path}`} className="tab">
            {text}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={current.path} className="tab-panel">
        {children}
      </TabPanel>
    </Tabs>
  );
}
