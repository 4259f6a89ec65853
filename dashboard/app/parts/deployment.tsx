/** A deployment in chips and words, the same on every screen. */
import { ArrowUpFromLine, GitCommitHorizontal, History, RefreshCw } from 'lucide-react';
import { Chip, LiveChip, type Progress } from '../kit/chip';
import { duration } from '../kit/time';
import { useFrozenNow } from '../kit/use-now';
import type {
  CodeBuildStatus,
  DeploymentKind,
  DeploymentStatus,
  DeploymentSummaryFragment,
  FileSyncStatus,
} from '../gql/graphql';

export type Deployment = DeploymentSummaryFragment;

const KINDS = {
  PROMOTION: { text: 'Promotion', icon: ArrowUpFromLine, tone: 'accent' },
  ROLLBACK: { text: 'Rollback', icon: History, tone: 'warning' },
  PUSH: { text: 'Push', icon: GitCommitHorizontal, tone: 'neutral' },
  REDEPLOY: { text: 'Redeploy', icon: RefreshCw, tone: 'neutral' },
} as const satisfies Record<DeploymentKind, object>;

export function KindChip({ kind }: { kind: DeploymentKind }) {
  const { text, icon, tone } = KINDS[kind];
  return (
    <Chip icon={icon} tone={tone}>
      {text}
    </Chip>
  );
}

const OVERALL: Record<DeploymentStatus, Progress> = {
  IN_PROGRESS: 'running',
  DEPLOYED: 'done',
  FAILED: 'failed',
};

/** In lists a deployment succeeded; where it is watched, it is deployed. */
export function StatusPill({ status, in: where }: { status: DeploymentStatus; in: 'list' | 'progress' }) {
  const settled = where === 'list' ? 'Success' : 'Deployed';
  const text = { IN_PROGRESS: 'In progress', DEPLOYED: settled, FAILED: 'Failed' }[status];
  return <LiveChip progress={OVERALL[status]}>{text}</LiveChip>;
}

export const FILE_SYNC: Record<FileSyncStatus, { progress: Progress; pill: string; row: string }> = {
  PENDING: { progress: 'waiting', pill: 'Queued', row: 'Queued' },
  SYNCING: { progress: 'running', pill: 'Syncing…', row: 'Syncing…' },
  SYNCED: { progress: 'done', pill: 'Synced', row: 'Files synced' },
  FAILED: { progress: 'failed', pill: 'Failed', row: 'Failed' },
  SKIPPED: { progress: 'skipped', pill: 'Skipped', row: 'Skipped' },
};

export const CODE_BUILD: Record<CodeBuildStatus, { progress: Progress; pill: string; row: string }> = {
  PENDING: { progress: 'waiting', pill: 'Queued', row: 'Queued' },
  BUILDING: { progress: 'running', pill: 'Building…', row: 'Building…' },
  DEPLOYED: { progress: 'done', pill: 'Deployed', row: 'Code deployed' },
  FAILED: { progress: 'failed', pill: 'Failed', row: 'Failed' },
  SKIPPED: { progress: 'skipped', pill: 'Skipped', row: 'Skipped' },
};

export function FileSyncPill({ deployment }: { deployment: Deployment }) {
  const { progress, pill } = FILE_SYNC[deployment.fileSync.status];
  return <LiveChip progress={progress}>{pill}</LiveChip>;
}

export function CodeBuildPill({ deployment }: { deployment: Deployment }) {
  const { status, cacheHit } = deployment.codeBuild;
  const { progress, pill } = CODE_BUILD[status];
  return <LiveChip progress={progress}>{status === 'SKIPPED' && cacheHit ? 'Skipped (cached)' : pill}</LiveChip>;
}

/** How long something took or takes; it stands still while nothing is known of it. */
export function Elapsed({ from, to }: { from: string | null | undefined; to: string | null | undefined }) {
  const now = useFrozenNow(Boolean(from) && !to);
  if (!from) return null;
  return (
    <span className="numeric subtle">{duration((to ? Date.parse(to) : Math.max(now, Date.parse(from))) - Date.parse(from))}</span>
  );
}

export function whereTo(deployment: Deployment): string {
  const target = deployment.environment.name;
  return deployment.sourceName ? `${deployment.sourceName} → ${target}` : target;
}

/** The first line of a commit's message. */
export function headline(message: string | null | undefined): string {
  return message?.split('\n')[0] ?? '';
}

/** Why the code was not built, or was, in words. */
export function cacheWords({ cacheDecision, cacheHit }: Deployment['codeBuild']): string | null {
  if (!cacheDecision) return cacheHit ? 'A kept build was used.' : null;
  const at = cacheDecision.detail ? `: ${cacheDecision.detail}` : '';
  return {
    HIT: 'A kept build of the same code was used.',
    MISS_NO_PREVIOUS_BUILD: 'The first build of this app.',
    MISS_CODE_CHANGED: `The code changed${at}.`,
    MISS_VARIABLES_CHANGED: `A build-time variable changed${at}.`,
    FORCED_REBUILD: 'A new build was asked for.',
    FORCED_SKIP: 'The commit message asked for no build.',
    NO_HANDLER: 'The commit has no handler, so there was nothing to build.',
  }[cacheDecision.kind];
}
