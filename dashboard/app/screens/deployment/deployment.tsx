/** One deployment: how it went, what it was about, and its log. */
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAct, useLive } from '../../client/query';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Chip } from '../../kit/chip';
import { Actor, Sha, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { LoadError, Note, NotFound, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { BuildLog } from '../../parts/build-log';
import { cacheWords, Elapsed, headline, KindChip, StatusPill } from '../../parts/deployment';
import { Direction } from '../../parts/direction';
import { Steps } from '../../parts/steps';
import { useApp, useMay } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import { RetryDeployment } from '../promote/progress';
import { attemptsOf, whyNoRetry } from './attempts';
import { Events } from './events';
import { appPage } from '../../shell/address';
import './deployment.css';

const DeploymentPage = graphql(`
  query DeploymentPage($id: ID!) {
    deployment(id: $id) {
      ...DeploymentSummary
      source {
        id
        name
      }
      contentProblems {
        path
        line
        message
      }
    }
  }
`);

const Attempts = graphql(`
  query Attempts($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        deployments(first: 50) {
          nodes {
            id
            createdAt
            status
            version
            retryOf {
              id
            }
          }
        }
      }
    }
  }
`);

const CancelDeployment = graphql(`
  mutation CancelDeployment($input: CancelDeploymentInput!) {
    cancelDeployment(input: $input) {
      ... on CancelDeploymentSuccess {
        deployment {
          ...DeploymentSummary
          environment {
            ...EnvironmentSummary
          }
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export function Component() {
  const { deployment: id = '' } = useParams();
  const { app } = useApp();
  const environment = useEnvironment();
  const page = useLive(DeploymentPage, { id }, { when: ({ deployment }) => deployment?.id === id });
  const deployment = page.data?.deployment;
  const history = useLive(
    Attempts,
    { id: environment.id },
    { when: (event) => event.environment?.id === environment.id, pause: deployment?.status !== 'FAILED' && !deployment?.retryOf },
  );
  const attempts = history.data?.node?.__typename === 'Environment' ? history.data.node.deployments.nodes : [];
  const list = `${appPage(app.name)}/e/${environment.name}/deployments`;

  if (!deployment) {
    if (page.error) return <LoadError what="the deployment" error={page.error} retry={page.refetch} />;
    return page.data ? <NotFound what="No such deployment" /> : <Skeletons count={3} height="card" />;
  }
  const isFailed = deployment.status === 'FAILED';
  const chain = attemptsOf(deployment.id, attempts);
  const isCurrent = environment.pin?.deployment.id === deployment.id;
  return (
    <div className="deployment-page">
      <div className="page-head">
        <Link to={list} className="button" data-variant="quiet" data-size="small" aria-label="All deployments" data-icon-only>
          <ChevronLeft size={16} aria-hidden />
        </Link>
        <PageHeading title={`Deployment ${deployment.commit.shortSha}`}>
          Deployment <span className="mono">{deployment.commit.shortSha}</span>
        </PageHeading>
        <StatusPill status={deployment.status} in="progress" />
        <KindChip kind={deployment.kind} />
        {isCurrent && (
          <Chip tone="success" look="outline">
            Current
          </Chip>
        )}
        <Acts
          id={deployment.id}
          status={deployment.status}
          list={list}
          isDefault={environment.isDefault}
          whyNoRetry={whyNoRetry(deployment.id, attempts)}
        />
      </div>
      <div className="deployment-columns">
        <div className="deployment-story">
          {deployment.kind !== 'PUSH' && deployment.sourceName && (
            <Direction source={deployment.sourceName} target={environment.name} />
          )}
          <Steps deployment={deployment} />
          {isFailed && (
            <Note tone="danger">
              <Failure reason={deployment.failureReason} />
              {!environment.isDefault && (
                <p>
                  {environment.pin
                    ? `${environment.name} still serves v${environment.pin.version}.`
                    : `${environment.name} still serves nothing.`}
                </p>
              )}
              {deployment.contentProblems.length > 0 && (
                <ul className="problems">
                  {deployment.contentProblems.map(({ path, line, message }) => (
                    <li key={`${path}:${line}`}>
                      <code>
                        {path}
                        {line && `:${line}`}
                      </code>{' '}
                      {message}
                    </li>
                  ))}
                </ul>
              )}
            </Note>
          )}
          <Events id={deployment.id} />
        </div>
        <dl className="deployment-facts card">
          <Fact name="Commit">
            <Sha sha={deployment.commit.sha} short={deployment.commit.shortSha} />{' '}
            <span>{headline(deployment.commit.message)}</span>
          </Fact>
          <Fact name="By">
            <Actor actor={deployment.actor} />
          </Fact>
          <Fact name="Started">
            <Time at={deployment.createdAt} />
          </Fact>
          <Fact name="Took">
            <Elapsed from={deployment.createdAt} to={deployment.settledAt} />
          </Fact>
          {deployment.version ? <Fact name="Version">v{deployment.version}</Fact> : null}
          {deployment.sourceName && <Fact name="Source">{deployment.sourceName}</Fact>}
          {cacheWords(deployment.codeBuild) && <Fact name="Build">{cacheWords(deployment.codeBuild)}</Fact>}
          {deployment.retryOf && (
            <Fact name="Retry of">
              <Link className="text-link" to={`${list}/${deployment.retryOf.id}`}>
                the failed one
              </Link>
            </Fact>
          )}
          {chain.length > 1 && (
            <Fact name="Attempt">
              {chain.indexOf(deployment.id) + 1} of {chain.length}
              {chain.at(-1) !== deployment.id && (
                <>
                  {' '}
                  ·{' '}
                  <Link className="text-link" to={`${list}/${chain.at(-1)}`}>
                    the last one
                  </Link>
                </>
              )}
            </Fact>
          )}
          {deployment.note && <Fact name="Note">{deployment.note}</Fact>}
          <Fact name="ID">
            <code className="subtle">{deployment.databaseId}</code>
          </Fact>
        </dl>
      </div>
      <BuildLog deployment={deployment} />
    </div>
  );
}

/** The reason in a sentence; the last lines of the log come after it. */
function Failure({ reason }: { reason: string | null | undefined }) {
  const [sentence, ...lines] = (reason ?? '').split('\n');
  return (
    <>
      <p>
        <strong>{sentence}</strong>
      </p>
      {lines.length > 0 && (
        <pre className="failure" tabIndex={0} aria-label="Last lines">
          {lines.slice(-20).join('\n')}
        </pre>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Acts({
  id,
  status,
  list,
  isDefault,
  whyNoRetry,
}: {
  id: string;
  status: string;
  list: string;
  isDefault: boolean;
  whyNoRetry: string | null;
}) {
  const may = useMay('environment.promote');
  const navigate = useNavigate();
  const [retrying, retry] = useAct(RetryDeployment);
  const [cancelling, cancel] = useAct(CancelDeployment);
  if (!may || status === 'DEPLOYED' || (isDefault && status === 'FAILED')) return null;

  async function again() {
    const { data } = await retry({ input: { deploymentId: id } });
    const result = data?.retryDeployment;
    if (result?.__typename === 'RetryDeploymentSuccess') void navigate(`${list}/${result.deployment.id}`);
    else refused(result, 'Couldn’t retry.');
  }

  async function stop() {
    const { data } = await cancel({ input: { deploymentId: id } });
    if (data?.cancelDeployment.__typename !== 'CancelDeploymentSuccess') {
      refused(data?.cancelDeployment, 'Couldn’t cancel.');
    }
  }

  return (
    <div className="page-head-aside">
      {status === 'FAILED' ? (
        <>
          {whyNoRetry && (
            <span id="why-no-retry" className="no-retry">
              {whyNoRetry}
            </span>
          )}
          <Button
            isDisabled={whyNoRetry !== null}
            isPending={retrying.fetching}
            onPress={() => void again()}
            {...(whyNoRetry !== null && { 'aria-describedby': 'why-no-retry' })}
          >
            Retry
          </Button>
        </>
      ) : (
        <Button variant="danger" isPending={cancelling.fetching} onPress={() => void stop()}>
          Cancel deployment
        </Button>
      )}
    </div>
  );
}

function refused(result: object | undefined, otherwise: string): void {
  const text = result && 'message' in result ? String(result.message) : otherwise;
  toast({ tone: 'danger', text });
}
