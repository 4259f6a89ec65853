/** What a promotion would bring, in a few lines. */
import { ArrowRight, Check, Hammer, PackageCheck } from 'lucide-react';
import type { PromotePreviewQuery } from '../gql/graphql';
import { Sha } from '../kit/identity';
import { headline } from './deployment';

export type Comparison = NonNullable<PromotePreviewQuery['comparison']>;

const KINDS = {
  PROMPT: 'Templates',
  COMPONENT: 'Components',
  DATASET: 'Datasets',
  SCHEMA: 'Schemas',
  CONFIGURATION: 'Configuration',
} as const;

export function isSame(comparison: Comparison): boolean {
  return comparison.commitRelation === 'SAME' && changesOf(comparison) === 0;
}

function changesOf({ content }: Comparison): number {
  return content.counts.reduce((sum, { added, changed, removed }) => sum + added + changed + removed, 0);
}

/** `version` is the number that the source's side has or would get; a past one is not built again. */
export function ComparisonSummary({
  comparison,
  version,
  isPast = false,
}: {
  comparison: Comparison;
  version: number;
  isPast?: boolean;
}) {
  const { sourceCommit, targetCommit, targetVersion, commits, content, code, build } = comparison;
  return (
    <div className="comparison">
      <div className="comparison-line">
        {targetCommit ? <Sha sha={targetCommit.sha} short={targetCommit.shortSha} /> : <span>nothing</span>}
        <ArrowRight size={13} aria-label="to" role="img" className="subtle" />
        {sourceCommit && <Sha sha={sourceCommit.sha} short={sourceCommit.shortSha} />}
        <span className="muted">· {relationWords(comparison)}</span>
        <span className="comparison-version">
          {targetCommit ? `v${targetVersion}` : 'no pin'} → <strong>v{version}</strong>
        </span>
      </div>
      {commits && commits.nodes.length > 0 && (
        <ol className="comparison-commits">
          {commits.nodes.map((commit) => (
            <li key={commit.sha}>
              <code className="subtle">{commit.shortSha}</code>
              <span className="comparison-message">{headline(commit.message)}</span>
              <span className="subtle">{commit.authorName}</span>
            </li>
          ))}
          {commits.totalCount > commits.nodes.length && (
            <li className="subtle">and {commits.totalCount - commits.nodes.length} more</li>
          )}
        </ol>
      )}
      <dl className="comparison-counts">
        {content.counts.map((count) => (
          <div key={count.kind}>
            <dt>{KINDS[count.kind]}</dt>
            <dd className="numeric">
              <Counts {...count} />
            </dd>
          </div>
        ))}
        <div>
          <dt>Code</dt>
          <dd className="numeric">{code.files?.totalCount ?? '–'}</dd>
        </div>
      </dl>
      {!isPast && (
        <p className="comparison-build muted">
          {build.wouldHitCache ? <PackageCheck size={14} aria-hidden /> : <Hammer size={14} aria-hidden />}
          {build.unavailableReason ??
            (build.wouldHitCache ? 'A kept build will be used: no code is built.' : 'The code will be built.')}
        </p>
      )}
    </div>
  );
}

function Counts({ added, changed, removed }: { added: number; changed: number; removed: number }) {
  if (added + changed + removed === 0) return <span className="subtle">0</span>;
  return (
    <>
      {added > 0 && <span className="count-added">+{added}</span>}
      {changed > 0 && <span className="count-changed">~{changed}</span>}
      {removed > 0 && <span className="count-removed">−{removed}</span>}
    </>
  );
}

function relationWords({ commitRelation, commits }: Comparison): string {
  const count = commits?.totalCount ?? 0;
  const words = `${count} commit${count === 1 ? '' : 's'}`;
  switch (commitRelation) {
    case 'SAME':
      return 'the same commit';
    case 'BEHIND':
      return 'an older commit';
    case 'FIRST':
      return 'the first version';
    case 'AHEAD':
      return words;
    default:
      return 'unrelated commits';
  }
}

export function NothingDiffers({ source, target }: { source: string; target: string }) {
  return (
    <p className="comparison-same muted">
      <Check size={14} aria-hidden />
      {source} and {target} already run the same commit and content.
    </p>
  );
}
