/** Two environments side by side, or one and a version that it served before. */
import { ArrowLeftRight, ArrowUpFromLine, Code, Equal, FileText, History } from 'lucide-react';
import { Navigate, useNavigate, useParams, useSearchParams } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { CompareEnvironmentsQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Choice } from '../../kit/choice';
import { Actor, PinLabel, Sha, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Empty, LoadError, Note, NotFound, Skeletons } from '../../kit/states';
import { ComparisonSummary, isSame } from '../../parts/comparison';
import { headline } from '../../parts/deployment';
import { appPage, useOpenDialog } from '../../shell/address';
import { type Environment, useApp, useEnvironments, useMay } from '../../shell/app-data';
import { FileDiffView, type Layout } from './file-diff';
import { FileTree } from './file-tree';
import { pairOf } from './pair';
import type { Changed } from './tree';
import './compare.css';

const CompareEnvironments = graphql(`
  query CompareEnvironments($source: ID!, $version: Int, $target: ID!) {
    comparison(sourceId: $source, targetId: $target, version: $version) {
      sourceVersion
      targetVersion
      commitRelation
      sourceCommit {
        ...CommitSummary
      }
      targetCommit {
        ...CommitSummary
      }
      commits(first: 50) {
        totalCount
        nodes {
          ...CommitSummary
        }
      }
      content {
        counts {
          kind
          added
          changed
          removed
        }
        files(first: 100) {
          totalCount
          nodes {
            path
            kind
            change
          }
        }
      }
      code {
        unavailableReason
        files(first: 100) {
          totalCount
          nodes {
            path
            change
          }
        }
      }
      build {
        wouldHitCache
        unavailableReason
        cacheDecision {
          kind
          detail
        }
      }
    }
  }
`);

type Comparison = NonNullable<CompareEnvironmentsQuery['comparison']>;

export function Component() {
  const { pair = '' } = useParams();
  const { app } = useApp();
  const environments = useEnvironments();
  const asked = pairOf(pair);
  const [source, target] = [asked?.source, asked?.target].map((name) => environments.find((one) => one.name === name));
  if (!asked || !source || !target || (source === target && !asked.version)) {
    return <NotFound what="No such pair of environments" />;
  }
  // dev is never promoted into, so it is always what would be promoted.
  if (target.isDefault) return <Navigate to={`${appPage(app.name)}/compare/${target.name}...${source.name}`} replace />;
  return <Compare key={pair} source={source} version={asked.version} target={target} />;
}

type Sides = { source: Environment; version: number | null; target: Environment };

function Compare({ source, version, target }: Sides) {
  const compared = useLive(
    CompareEnvironments,
    { source: source.id, version, target: target.id },
    { when: ({ environment }) => environment?.id === source.id || environment?.id === target.id },
  );
  const comparison = compared.data?.comparison;
  const name = version ? `${source.name} v${version}` : source.name;
  if (comparison === null) return <NotFound what={`No version v${version} of ${source.name}`} />;
  return (
    <div className="page compare-page">
      <div className="page-head">
        <PageHeading title={`Compare ${name} and ${target.name}`} />
        <div className="page-head-aside">
          <Act source={source} version={version} target={target} />
        </div>
      </div>
      {!version && <Pickers source={source} target={target} />}
      {compared.error && <LoadError what="the comparison" error={compared.error} retry={compared.refetch} />}
      {comparison ? (
        isSame(comparison) ? (
          <Empty icon={Equal} title="No differences.">
            <p>
              {name} and {target.name} run the same commit and content.
            </p>
          </Empty>
        ) : (
          <Differences comparison={comparison} source={source} version={version} target={target} />
        )
      ) : (
        !compared.error && <Skeletons count={4} height="card" />
      )}
    </div>
  );
}

/** What makes the target serve the source's side. */
function Act({ source, version, target }: Sides) {
  const openDialog = useOpenDialog();
  const may = useMay('environment.promote');
  if (!may || target.pin?.version === version) return null;
  if (version) {
    return source === target ? (
      <Button onPress={() => openDialog('rollback', { target: target.name, to: `v${version}` })}>
        <History size={14} aria-hidden />
        Roll back to v{version}
      </Button>
    ) : null;
  }
  return (
    <Button variant="primary" onPress={() => openDialog('promote', { target: target.name, source: source.name })}>
      <ArrowUpFromLine size={14} aria-hidden />
      Promote {source.name} to {target.name}
    </Button>
  );
}

function Pickers({ source, target }: { source: Environment; target: Environment }) {
  const { app } = useApp();
  const environments = useEnvironments();
  const navigate = useNavigate();
  const go = (from: string, to: string) => void navigate(`${appPage(app.name)}/compare/${from}...${to}`);
  const optionsBut = (left: Environment) =>
    environments
      .filter(({ id }) => id !== left.id)
      .map((one) => ({
        id: one.name,
        text: one.name,
        content: (
          <span className="compare-option">
            {one.name} <PinLabel label={one.pinLabel} state={one.state} />
          </span>
        ),
      }));
  return (
    <div className="compare-pickers" role="group" aria-label="Environments to compare">
      <span className="subtle">What</span>
      <Choice
        compact
        label="Source"
        options={optionsBut(target)}
        value={source.name}
        onChange={(name) => go(name, target.name)}
      />
      <Button
        size="small"
        iconOnly
        aria-label="Swap"
        isDisabled={source.isDefault}
        onPress={() => go(target.name, source.name)}
      >
        <ArrowLeftRight size={13} aria-hidden />
      </Button>
      <span className="subtle">would bring to</span>
      <Choice
        compact
        label="Target"
        options={optionsBut(source).filter(({ id }) => !environments.find(({ name }) => name === id)?.isDefault)}
        value={target.name}
        onChange={(name) => go(source.name, name)}
      />
    </div>
  );
}

function Differences({ comparison, source, version, target }: Sides & { comparison: Comparison }) {
  const [search, change] = useSearchParams();
  const content: Changed[] = comparison.content.files.nodes;
  const code: Changed[] = (comparison.code.files?.nodes ?? []).map((one) => ({ ...one, kind: null }));
  const files = [...content, ...code.filter(({ path }) => !content.some((one) => one.path === path))];
  const asked = search.get('file');
  const selected = files.find(({ path }) => path === asked) ?? content[0] ?? files[0];
  const layout: Layout = search.get('diff') === 'split' ? 'split' : 'unified';

  function set(name: 'file' | 'diff', value: string) {
    change((now) => new URLSearchParams([...[...now].filter(([one]) => one !== name), [name, value]]), { replace: true });
  }

  return (
    <>
      <section aria-label="Summary">
        <ComparisonSummary
          comparison={{ ...comparison, commits: comparison.commits && { ...comparison.commits, nodes: [] } }}
          version={version ?? target.currentVersion + 1}
          isPast={version !== null}
        />
      </section>
      {comparison.code.unavailableReason && <Note tone="warning">{comparison.code.unavailableReason}</Note>}
      {selected ? (
        <div className="compare-files card">
          <div className="compare-tree">
            <h2>
              Changed files <span className="subtle numeric">{files.length}</span>
            </h2>
            <FileTree files={files} selected={selected.path} onSelect={(path) => set('file', path)} />
            <LeftOut comparison={comparison} />
          </div>
          <div className="compare-diff">
            <div className="compare-diff-head">
              {selected.kind ? <FileText size={14} aria-hidden /> : <Code size={14} aria-hidden />}
              <h2 className="mono">{selected.path}</h2>
              <LayoutSwitch value={layout} onChange={(value) => set('diff', value)} />
            </div>
            <FileDiffView
              key={selected.path}
              source={source}
              version={version}
              target={target}
              path={selected.path}
              layout={layout}
            />
          </div>
        </div>
      ) : (
        <Note>No file differs; only the commits do.</Note>
      )}
      <Commits comparison={comparison} />
    </>
  );
}

function LayoutSwitch({ value, onChange }: { value: Layout; onChange: (value: Layout) => void }) {
  return (
    <div className="segments" role="group" aria-label="Layout">
      {(['unified', 'split'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={value === one} onClick={() => onChange(one)}>
          {one === 'unified' ? 'Unified' : 'Split'}
        </button>
      ))}
    </div>
  );
}

function LeftOut({ comparison: { content, code } }: { comparison: Comparison }) {
  const all = content.files.totalCount + (code.files?.totalCount ?? 0);
  const left = all - content.files.nodes.length - (code.files?.nodes.length ?? 0);
  return left > 0 ? <p className="subtle compare-left">and {left} more</p> : null;
}

function Commits({ comparison: { commits, commitRelation } }: { comparison: Comparison }) {
  if (!commits || commits.nodes.length === 0) return null;
  return (
    <section className="compare-commits" aria-labelledby="compare-commits">
      <h2 id="compare-commits">
        {commitRelation === 'BEHIND' ? 'Commits that would go away' : 'Commits'}{' '}
        <span className="subtle numeric">{commits.totalCount}</span>
      </h2>
      <ul className="card">
        {commits.nodes.map((commit) => (
          <li key={commit.sha}>
            <Sha sha={commit.sha} short={commit.shortSha} />
            <span className="compare-message">{headline(commit.message)}</span>
            <span className="subtle compare-by">
              {commit.authorName && <Actor actor={{ kind: 'MEMBER', name: commit.authorName }} />}
              {commit.committedAt && <Time at={commit.committedAt} />}
            </span>
          </li>
        ))}
        {commits.totalCount > commits.nodes.length && (
          <li className="subtle">and {commits.totalCount - commits.nodes.length} more</li>
        )}
      </ul>
    </section>
  );
}
