/** All environments of an app: what each serves, and how far it is behind dev. */
import { GitBranch, Plus, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Chip } from '../../kit/chip';
import { Actor, PinLabel, Sha, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { LoadError, Note } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { type Deployment, headline, StatusPill } from '../../parts/deployment';
import { appPage, useOpenDialog } from '../../shell/address';
import { type Environment, useApp, useMay } from '../../shell/app-data';
import { EnvironmentDot } from '../../shell/environment-dot';
import { behindWords } from './behind';
import { Lane } from './environment-lane';
import '../../kit/table.css';
import './overview.css';

const Overview = graphql(`
  query Overview($app: String!) {
    app(name: $app) {
      id
      environments(first: 100) {
        nodes {
          id
          deployments(first: 1) {
            nodes {
              ...DeploymentSummary
            }
          }
          promoted: deployments(first: 5, filter: { status: DEPLOYED }) {
            nodes {
              id
              kind
              sourceName
            }
          }
        }
      }
    }
  }
`);

const BehindDev = graphql(`
  query BehindDev($dev: ID!, $environment: ID!) {
    comparison(sourceId: $dev, targetId: $environment) {
      commitRelation
      commits(first: 0) {
        totalCount
      }
      content {
        counts {
          kind
          added
          changed
          removed
        }
      }
    }
  }
`);

export function Component() {
  const { app } = useApp();
  const openDialog = useOpenDialog();
  const mayInsert = useMay('environment.insert');
  const overview = useLive(
    Overview,
    { app: app.name },
    { when: ({ kind }) => kind === 'DEPLOYMENT_STARTED' || kind === 'ENVIRONMENT_CREATED' },
  );
  const environments = app.environments.nodes;
  const dev = environments.find(({ isDefault }) => isDefault);
  const latest = new Map(
    overview.data?.app?.environments.nodes.map(({ id, deployments }) => [id, deployments.nodes[0]]),
  );
  const sources = new Map(
    overview.data?.app?.environments.nodes.map(({ id, promoted }) => [
      id,
      promoted.nodes.find(({ kind }) => kind === 'PROMOTION')?.sourceName,
    ]),
  );
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Overview" />
        {mayInsert && (
          <div className="page-head-aside">
            <Button variant="primary" onPress={() => openDialog('new-env')}>
              <Plus size={14} aria-hidden />
              New environment
            </Button>
          </div>
        )}
      </div>
      <RepositoryLine />
      {overview.error && <LoadError what="the last deployments" error={overview.error} retry={overview.refetch} />}
      {overview.data ? (
        <Lane sourceOf={({ id, pin }) => (pin ? (sources.get(id) ?? null) : null)} />
      ) : (
        environments.some(({ pin }) => pin) && <span className="skeleton lane-skeleton" />
      )}
      <div className="card table-card">
        <table className="table" aria-label="Environments">
          <TableHead columns={['Environment', 'Commit', 'Last deployment', 'Behind dev by', 'Status']} hidden="Actions" />
          <tbody>
            {environments.map((one) => (
              <Row key={one.id} environment={one} dev={dev} latest={latest.get(one.id)} isLoaded={overview.data !== undefined} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function RepositoryLine() {
  const { app } = useApp();
  const { repository } = app;
  if (!repository) return <Note>No repository is linked yet, so there is nothing to promote.</Note>;
  return (
    <>
      <p className="repository muted">
        <GitBranch size={14} aria-hidden />
        <span className="mono">{repository.branch}</span>
        {repository.head && (
          <>
            <span>at</span>
            <Sha sha={repository.head.sha} short={repository.head.shortSha} />
            <span className="repository-message">{headline(repository.head.message)}</span>
          </>
        )}
        <span className="subtle repository-url">{repository.url.split('/').slice(-2).join('/')}</span>
      </p>
      {repository.unreachableReason && (
        <Note tone="warning">The repository could not be read: {repository.unreachableReason}</Note>
      )}
    </>
  );
}

function Row({
  environment,
  dev,
  latest,
  isLoaded,
}: {
  environment: Environment;
  dev: Environment | undefined;
  latest: Deployment | undefined;
  isLoaded: boolean;
}) {
  const { app } = useApp();
  const at = `${appPage(app.name)}/e/${environment.name}/deployments`;
  const commit = environment.contentCommit;
  return (
    <tr>
      <th scope="row">
        <span className="row-environment">
          <EnvironmentDot environment={environment} />
          <Link to={at} className="row-link">
            {environment.name}
          </Link>
          <PinLabel label={environment.pinLabel} state={environment.state} />
        </span>
      </th>
      <td className="cell-wide">
        {commit ? (
          <span className="row-commit">
            <Sha sha={commit.sha} short={commit.shortSha} />
            <span className="row-message muted">{headline(commit.message)}</span>
          </span>
        ) : (
          <span className="subtle">Serves nothing</span>
        )}
      </td>
      <td>
        {latest ? (
          <span className="row-latest">
            <Link to={`${at}/${latest.id}`} className="row-status">
              <StatusPill status={latest.status} in="list" />
            </Link>
            <span className="subtle row-by">
              <Actor actor={latest.actor} />
              <Time at={latest.createdAt} />
            </span>
          </span>
        ) : isLoaded ? (
          <span className="subtle">Never</span>
        ) : (
          <span className="skeleton latest-skeleton" />
        )}
      </td>
      <td>
        {dev && !environment.isDefault && environment.pin ? (
          <Behind dev={dev} environment={environment} />
        ) : (
          <span className="subtle">–</span>
        )}
      </td>
      <td>
        <RuntimeWord environment={environment} />
      </td>
      <td className="row-acts">
        <PromoteInto environment={environment} />
      </td>
    </tr>
  );
}

function Behind({ dev, environment }: { dev: Environment; environment: Environment }) {
  const { data, error } = useLive(
    BehindDev,
    { dev: dev.id, environment: environment.id },
    { when: (event) => event.environment?.id === dev.id || event.environment?.id === environment.id },
  );
  const comparison = data?.comparison;
  if (!comparison) return error ? <span className="subtle">Unknown</span> : <span className="skeleton behind-skeleton" />;
  const { tone, text } = behindWords(comparison);
  return <Chip tone={tone}>{text}</Chip>;
}

const RUNTIMES = {
  STARTING: { tone: 'info', text: 'Starting' },
  HEALTHY: { tone: 'success', text: 'Healthy' },
  FAILED: { tone: 'danger', text: 'Failing' },
  DRAINING: { tone: 'neutral', text: 'Draining' },
  STOPPED: { tone: 'neutral', text: 'Stopped' },
} as const;

function RuntimeWord({ environment }: { environment: Environment }) {
  if (environment.deploying) return <Chip tone="info">Deploying…</Chip>;
  if (!environment.runtime) {
    if (!environment.contentCommit) return <span className="subtle">–</span>;
    return (
      <Chip>
        <span className="dot" data-tone="none" aria-hidden />
        Idle
      </Chip>
    );
  }
  const { tone, text } = RUNTIMES[environment.runtime.state];
  return (
    <Chip tone={tone} {...(tone === 'danger' && { icon: TriangleAlert })}>
      <span className="dot" data-tone={tone === 'neutral' ? 'none' : tone} aria-hidden />
      {text}
    </Chip>
  );
}

function PromoteInto({ environment }: { environment: Environment }) {
  const openDialog = useOpenDialog();
  const may = useMay('environment.promote');
  if (!may || environment.isDefault) return null;
  return (
    <Button
      size="small"
      aria-label={`Promote to ${environment.name}`}
      onPress={() => openDialog('promote', { target: environment.name })}
    >
      Promote…
    </Button>
  );
}
