/** Settings → General: what the environment is now, and its end. */
import { Trash2 } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '../../kit/button';
import { Chip, LiveChip } from '../../kit/chip';
import { Sha, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { appPage, useOpenDialog } from '../../shell/address';
import { type Environment, useApp, useMay } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';

const RUNTIME = {
  STARTING: { progress: 'running', text: 'Starting' },
  HEALTHY: { progress: 'done', text: 'Running' },
  FAILED: { progress: 'failed', text: 'Failed' },
  DRAINING: { progress: 'waiting', text: 'Finishing' },
  STOPPED: { progress: 'skipped', text: 'Stopped' },
} as const;

export function Component() {
  const environment = useEnvironment();
  return (
    <>
      <PageHeading title="General" />
      <section className="card" aria-label="Environment">
        <div className="panel-head">
          <h2>{environment.name}</h2>
          <Chip tone={environment.state === 'PINNED' ? 'accent' : 'neutral'} {...(!environment.pin && { look: 'outline' })}>
            {environment.isDefault ? 'default' : environment.pin ? `v${environment.pin.version}` : 'No pin'}
          </Chip>
          <span role="status" aria-label="Deployment">
            {environment.deploying && <LiveChip progress="running">Deploying…</LiveChip>}
          </span>
        </div>
        <Facts environment={environment} />
      </section>
      <DangerZone environment={environment} />
    </>
  );
}

function Facts({ environment }: { environment: Environment }) {
  const { app } = useApp();
  const { pin, contentCommit, codeCommit, deploying, runtime } = environment;
  return (
    <dl className="facts">
      <dt>Version</dt>
      <dd>
        {environment.isDefault ? (
          `Follows ${app.repository?.branch ?? 'no branch yet'}`
        ) : pin ? (
          <>
            <span className="mono">v{pin.version}</span>
            <span className="subtle">
              since <Time at={pin.since} />
            </span>
          </>
        ) : (
          'No pin. It serves nothing until the first promote.'
        )}
      </dd>
      <dt>Commit</dt>
      <dd>
        {contentCommit ? (
          <>
            <Sha sha={contentCommit.sha} short={contentCommit.shortSha} />
            <span className="subtle">{contentCommit.message?.split('\n')[0]}</span>
            {codeCommit && codeCommit.sha !== contentCommit.sha && (
              <span className="subtle">
                · code at <Sha sha={codeCommit.sha} short={codeCommit.shortSha} />
              </span>
            )}
          </>
        ) : (
          <span className="subtle">None</span>
        )}
      </dd>
      {deploying && (
        <>
          <dt>Deploying</dt>
          <dd>
            <Link className="text-link" to={`${appPage(app.name)}/e/${environment.name}/deployments/${deploying.id}`}>
              {deploying.version ? `v${deploying.version} at ` : ''}
              <span className="mono">{deploying.commit.shortSha}</span>
            </Link>
          </dd>
        </>
      )}
      <dt>Runtime</dt>
      <dd>
        {runtime ? (
          <>
            <LiveChip progress={RUNTIME[runtime.state].progress}>{RUNTIME[runtime.state].text}</LiveChip>
            <span className="subtle">
              since <Time at={runtime.since} />
            </span>
            {runtime.reason && <span className="subtle">{runtime.reason}</span>}
          </>
        ) : (
          <span className="subtle">No code runs here</span>
        )}
      </dd>
      <dt>Created</dt>
      <dd>
        <Time at={environment.createdAt} />
      </dd>
    </dl>
  );
}

function DangerZone({ environment }: { environment: Environment }) {
  const may = useMay('environment.delete');
  const openDialog = useOpenDialog();
  if (!may && !environment.isDefault) return null;
  return (
    <section className="card danger-zone" aria-labelledby="danger-zone">
      <div className="panel-head">
        <h2 id="danger-zone">Danger zone</h2>
      </div>
      <div className="danger-row">
        {environment.isDefault ? (
          <p className="muted">The default environment can’t be deleted.</p>
        ) : (
          <>
            <div>
              <strong>Delete {environment.name}</strong>
              <p className="muted" id="delete-reason">
                {environment.deploying
                  ? 'A deployment is running. Wait until it has settled, or cancel it.'
                  : 'Its API keys and variables go, and it stops serving. Its history stays.'}
              </p>
            </div>
            <Button
              variant="danger"
              isDisabled={environment.deploying !== null}
              aria-describedby="delete-reason"
              onPress={() => openDialog('delete')}
            >
              <Trash2 size={14} aria-hidden />
              Delete environment
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
