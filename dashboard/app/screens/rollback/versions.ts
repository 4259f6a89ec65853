/** The versions that an environment can go back to, and what lies between. */
import type { DeploymentSummaryFragment } from '../../gql/graphql';

export type Version = Pick<DeploymentSummaryFragment, 'id' | 'version' | 'kind' | 'commit' | 'createdAt' | 'actor' | 'note'> & {
  version: number;
};
type Deployed = Omit<Version, 'version'> & { version?: number | null | undefined };

/** Each version once, as it was promoted, newest first; the pinned one is left out. */
export function versionsOf(deployed: readonly Deployed[], pinned: number): Version[] {
  const found = new Map<number, Version>();
  for (const one of deployed) {
    const { version } = one;
    if (version === null || version === undefined || version === pinned) continue;
    if (!found.has(version) || one.kind === 'PROMOTION') found.set(version, { ...one, version });
  }
  return [...found.values()].sort((a, b) => b.version - a.version);
}

/** What the environment loses by going back, or gains by going forward again: newest first. */
export function between(versions: readonly Version[], pinned: number, chosen: number): Version[] {
  const [low, high] = chosen < pinned ? [chosen, pinned] : [pinned, chosen];
  return versions.filter(({ version }) => version > low && version <= high);
}
