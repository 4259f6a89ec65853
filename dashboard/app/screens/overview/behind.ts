/** How far an environment is behind dev, in a few words. */
import type { BehindDevQuery } from '../../gql/graphql';
import type { Tone } from '../../kit/chip';

type Comparison = NonNullable<BehindDevQuery['comparison']>;

export function behindWords({ commitRelation, commits, content }: Comparison): { tone: Tone; text: string } {
  const files = content.counts.reduce((sum, { added, changed, removed }) => sum + added + changed + removed, 0);
  const count = commits?.totalCount ?? 0;
  switch (commitRelation) {
    case 'SAME':
      return files === 0
        ? { tone: 'success', text: 'Up to date' }
        : { tone: 'warning', text: `${files} file${files === 1 ? '' : 's'} differ` };
    case 'AHEAD':
      return { tone: 'warning', text: `${count} commit${count === 1 ? '' : 's'} behind dev` };
    case 'BEHIND':
      return { tone: 'neutral', text: 'Ahead of dev' };
    default:
      return { tone: 'neutral', text: 'Unrelated commits' };
  }
}
