/** One deployment in a list. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Link, useNavigate } from 'react-router';
import { troubleOf } from '../client/outcome';
import { useAct } from '../client/query';
import { Chip, LiveChip } from '../kit/chip';
import { Actor, copy, Sha, Time } from '../kit/identity';
import { toast } from '../kit/toasts';
import { RetryDeployment } from '../screens/promote/progress';
import { appPage, useOpenDialog } from '../shell/address';
import { type Environment, useApp, useMay } from '../shell/app-data';
import { CODE_BUILD, type Deployment, Elapsed, FILE_SYNC, headline, KindChip, StatusPill, whereTo } from './deployment';

export function DeploymentCard({ deployment, environment }: { deployment: Deployment; environment: Environment }) {
  const { app } = useApp();
  const { commit, fileSync, codeBuild } = deployment;
  const page = `${appPage(app.name)}/e/${environment.name}/deployments/${deployment.id}`;
  const isCurrent = environment.pin?.deployment.id === deployment.id;
  return (
    <article className="deployment-card card" aria-label={`Deployment ${commit.shortSha}`} data-status={deployment.status}>
      <div className="deployment-main">
        <div className="deployment-line">
          <Sha sha={commit.sha} short={commit.shortSha} />
          <Link to={page} className="deployment-title">
            {headline(commit.message) || whereTo(deployment)}
          </Link>
        </div>
        <div className="deployment-line deployment-meta">
          <KindChip kind={deployment.kind} />
          {isCurrent && (
            <Chip tone="success" look="outline">
              Current
            </Chip>
          )}
          <span className="muted">
            {deployment.version !== null && deployment.version !== undefined && (
              <>
                <span className="mono">v{deployment.version}</span> ·{' '}
              </>
            )}
            {whereTo(deployment)}
          </span>
        </div>
        {deployment.note && <Note text={deployment.note} />}
        {deployment.failureReason && <p className="deployment-failure">{headline(deployment.failureReason)}</p>}
      </div>
      <dl className="deployment-steps">
        <div>
          <dt>File Sync</dt>
          <dd>
            <LiveChip progress={FILE_SYNC[fileSync.status].progress}>{FILE_SYNC[fileSync.status].row}</LiveChip>
          </dd>
        </div>
        <div>
          <dt>Code Deploy</dt>
          <dd>
            <LiveChip progress={CODE_BUILD[codeBuild.status].progress}>{CODE_BUILD[codeBuild.status].row}</LiveChip>
            {codeBuild.status === 'BUILDING' && <Elapsed from={codeBuild.startedAt} to={codeBuild.finishedAt} />}
          </dd>
        </div>
      </dl>
      <div className="deployment-side">
        <StatusPill status={deployment.status} in="list" />
        <span className="deployment-by subtle">
          <Actor actor={deployment.actor} />
          <Time at={deployment.createdAt} />
        </span>
      </div>
      <Actions deployment={deployment} environment={environment} page={page} />
    </article>
  );
}

function Note({ text }: { text: string }) {
  const [isOpen, open] = useState(false);
  const isLong = text.length > 140 || text.split('\n').length > 2;
  return (
    <p className="deployment-note" data-open={isOpen || undefined}>
      {text}
      {isLong && !isOpen && (
        <AriaButton className="text-link note-more" onPress={() => open(true)}>
          Show all
        </AriaButton>
      )}
    </p>
  );
}

function Actions({
  deployment,
  environment,
  page,
}: {
  deployment: Deployment;
  environment: Environment;
  page: string;
}) {
  const { app } = useApp();
  const navigate = useNavigate();
  const openDialog = useOpenDialog();
  const mayPromote = useMay('environment.promote');
  const { version } = deployment;
  const wasServed = !environment.isDefault && deployment.status === 'DEPLOYED' && version && version !== environment.pin?.version;
  const canRollBack = mayPromote && wasServed;
  const { canRetry, retry } = useRetry(deployment, environment);
  const curl = `curl ${location.origin}/v1/deployments/${deployment.databaseId} -H "Authorization: Bearer $PINMARK_TOKEN"`;
  return (
    <MenuTrigger>
      <AriaButton
        className="button deployment-actions"
        data-variant="quiet"
        data-size="small"
        data-icon-only
        aria-label={`Actions for ${deployment.commit.shortSha}`}
      >
        <Ellipsis size={15} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          <MenuItem className="menu-item" onAction={() => void navigate(page)}>
            <Text slot="label">View log</Text>
          </MenuItem>
          {wasServed && (
            <MenuItem
              className="menu-item"
              onAction={() =>
                void navigate(`${appPage(app.name)}/compare/${environment.name}@v${version}...${environment.name}`)
              }
            >
              <Text slot="label">Compare with current</Text>
            </MenuItem>
          )}
          {canRollBack && (
            <MenuItem className="menu-item" onAction={() => openDialog('rollback', { to: `v${version}` })}>
              <Text slot="label">Roll back to v{version}</Text>
            </MenuItem>
          )}
          {canRetry && (
            <MenuItem className="menu-item" onAction={() => void retry()}>
              <Text slot="label">Retry</Text>
            </MenuItem>
          )}
          <MenuItem className="menu-item" onAction={() => void copy(curl, 'Copied as curl.')}>
            <Text slot="label">Copy as curl</Text>
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void copy(deployment.id, 'Copied the deployment ID.')}>
            <Text slot="label">Copy deployment ID</Text>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** The same commit again; only what failed can be, and not under a newer deployment that runs. */
function useRetry(deployment: Deployment, environment: Environment) {
  const { app } = useApp();
  const navigate = useNavigate();
  const may = useMay('environment.promote');
  const [, act] = useAct(RetryDeployment);

  async function retry() {
    const { data, error } = await act({ input: { deploymentId: deployment.id } });
    const result = data?.retryDeployment;
    const wrong = troubleOf(result, error, 'The server did not answer.');
    if (wrong) toast({ tone: 'danger', text: `Couldn’t retry. ${wrong}` });
    else if (result && 'deployment' in result) {
      void navigate(`${appPage(app.name)}/e/${environment.name}/deployments/${result.deployment.id}`);
    }
  }

  return { canRetry: may && deployment.status === 'FAILED', retry };
}
