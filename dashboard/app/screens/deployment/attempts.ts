/** Which attempt a deployment is, and whether it may be made again. */
import type { DeploymentStatus } from '../../gql/graphql';

export type Attempt = {
  id: string;
  createdAt: string;
  status: DeploymentStatus;
  version?: number | null | undefined;
  retryOf?: { id: string } | null | undefined;
};

/** The chain of retries that a deployment is in, oldest first; itself alone when it was never retried. */
export function attemptsOf(id: string, all: readonly Attempt[]): string[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const before = (of: string): string[] => {
    const earlier = byId.get(of)?.retryOf?.id;
    return earlier ? [...before(earlier), earlier] : [];
  };
  const after = (of: string): string[] => {
    const later = all.filter(({ retryOf }) => retryOf?.id === of).sort(byTime)[0];
    return later ? [later.id, ...after(later.id)] : [];
  };
  return [...before(id), id, ...after(id)];
}

/** Why a failed deployment is not made again; null when it may be. */
export function whyNoRetry(id: string, all: readonly Attempt[]): string | null {
  const failed = all.find((one) => one.id === id);
  if (!failed) return null;
  const later = all.filter((one) => one.createdAt > failed.createdAt);
  if (later.some(({ status }) => status === 'IN_PROGRESS')) return 'Another deployment is in progress.';
  const deployed = later.find(({ status }) => status === 'DEPLOYED');
  return deployed ? `${deployed.version ? `v${deployed.version}` : 'Another'} has deployed since.` : null;
}

const byTime = (a: Attempt, b: Attempt) => a.createdAt.localeCompare(b.createdAt);
