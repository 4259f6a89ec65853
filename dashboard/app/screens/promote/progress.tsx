/** A promotion or a rollback as it goes. Closing this stops nothing. */
import { useEffect, useRef } from 'react';
import { useAct, useLive } from '../../client/query';
import { Link } from 'react-router';
import { graphql } from '../../gql';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { LoadError, Note, Skeletons } from '../../kit/states';
import { toast } from '../../kit/toasts';
import { BuildLog } from '../../parts/build-log';
import { type Deployment, StatusPill } from '../../parts/deployment';
import { Direction } from '../../parts/direction';
import { Steps } from '../../parts/steps';
import { type Environment, useApp } from '../../shell/app-data';
import { leavePromotion, returnToPromotion } from '../../shell/left-promotions';
import { appPage } from '../../shell/address';

export const WatchedDeployment = graphql(`
  query WatchedDeployment($id: ID!) {
    deployment(id: $id) {
      ...DeploymentSummary
    }
  }
`);

export const RetryDeployment = graphql(`
  mutation RetryDeployment($input: RetryDeploymentInput!) {
    retryDeployment(input: $input) {
      ... on RetryDeploymentSuccess {
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

export function PromoteProgress({
  title = 'Promotion',
  id,
  target,
  onClose,
  onRetried,
}: {
  title?: 'Promotion' | 'Rollback';
  id: string;
  target: Environment;
  onClose: () => void;
  onRetried: (id: string) => void;
}) {
  const { app } = useApp();
  const watched = useLive(WatchedDeployment, { id }, { when: ({ deployment }) => deployment?.id === id });
  const deployment = watched.data?.deployment ?? undefined;
  const page = `${appPage(app.name)}/e/${target.name}/deployments/${id}`;
  const [{ fetching }, retry] = useAct(RetryDeployment);
  useToastWhenClosed(deployment, page);
  useTitleBadge(deployment?.status);

  async function again() {
    const { data } = await retry({ input: { deploymentId: id } });
    const result = data?.retryDeployment;
    if (result?.__typename === 'RetryDeploymentSuccess') onRetried(result.deployment.id);
    else toast({ tone: 'danger', text: result && 'message' in result ? result.message : 'Couldn’t retry.' });
  }

  const isFailed = deployment?.status === 'FAILED';
  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      footNote={deployment?.status === 'IN_PROGRESS' && `Closing does not cancel the ${title.toLowerCase()}.`}
      foot={
        <>
          {deployment && deployment.status !== 'IN_PROGRESS' && (
            <Link className="button" data-variant="quiet" to={page}>
              View deployment
            </Link>
          )}
          <Button onPress={onClose}>Close</Button>
          {isFailed && (
            <Button variant="primary" isPending={fetching} onPress={() => void again()}>
              Retry
            </Button>
          )}
        </>
      }
    >
      {(title === 'Promotion' || deployment?.sourceName) && (
        <Direction source={deployment?.sourceName ?? null} target={target.name} />
      )}
      {deployment ? (
        <>
          <div role="status" aria-label={title} className="progress-head">
            <StatusPill status={deployment.status} in="progress" />
            <span>{sentence(deployment)}</span>
          </div>
          <Steps deployment={deployment} />
          {isFailed && (
            <Note tone="danger">
              {deployment.failureReason?.split('\n')[0]}{' '}
              {target.pin ? `${target.name} still serves v${target.pin.version}.` : `${target.name} still serves nothing.`}
            </Note>
          )}
          <BuildLog deployment={deployment} isCompact />
        </>
      ) : watched.error ? (
        <LoadError what={`the ${title.toLowerCase()}`} error={watched.error} retry={watched.refetch} />
      ) : (
        <Skeletons count={3} height="line" />
      )}
    </Dialog>
  );
}

export function sentence({ status, version, commit, kind }: Deployment): string {
  const verb = { IN_PROGRESS: 'Deploying', DEPLOYED: 'Deployed', FAILED: 'Could not deploy' }[status];
  const what = version === null || version === undefined ? '' : ` version v${version}`;
  return kind === 'PUSH' ? `${verb} commit ${commit.shortSha}` : `${verb}${what} at commit ${commit.shortSha}`;
}

/** Who closed the dialog mid-way is told how it ended, wherever they are by then. */
function useToastWhenClosed(deployment: Deployment | undefined, page: string): void {
  const last = useRef(deployment);
  last.current = deployment ?? last.current;
  useEffect(
    () => () => {
      const left = last.current;
      if (left?.status === 'IN_PROGRESS') leavePromotion(left.id, page);
    },
    [page],
  );
  useEffect(() => {
    if (deployment) returnToPromotion(deployment.id);
  }, [deployment]);
}

/** Who looks at another tab sees in this one's title how it ended. */
function useTitleBadge(status: Deployment['status'] | undefined): void {
  useEffect(() => {
    if (status !== 'DEPLOYED' && status !== 'FAILED') return;
    const title = document.title;
    document.title = `${status === 'DEPLOYED' ? '✓' : '✗'} ${title}`;
    return () => void (document.title = document.title.replace(/^[✓✗] /, ''));
  }, [status]);
}
