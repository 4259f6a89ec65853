/** The difference of one file, line by line. */
import { FileQuestion } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { changedPart, type Hunk, type Line, pairsOf } from './diff-rows';

const FileDiff = graphql(`
  query FileDiff($source: ID!, $version: Int, $target: ID!, $path: String!) {
    comparison(sourceId: $source, targetId: $target, version: $version) {
      fileDiff(path: $path) {
        path
        isTruncated
        unavailable
        reason
        hunks {
          oldStart
          oldLines
          newStart
          newLines
          lines {
            kind
            text
            oldNumber
            newNumber
            hasLineBreak
          }
        }
      }
    }
  }
`);

export type Layout = 'unified' | 'split';

export function FileDiffView({
  source,
  version,
  target,
  path,
  layout,
}: {
  source: { id: string; name: string };
  version: number | null;
  target: { id: string; name: string };
  path: string;
  layout: Layout;
}) {
  const read = useLive(
    FileDiff,
    { source: source.id, version, target: target.id, path },
    { when: ({ environment }) => environment?.id === source.id || environment?.id === target.id },
  );
  const diff = read.data?.comparison?.fileDiff;
  if (!diff) {
    if (read.error) return <LoadError what={path} error={read.error} retry={read.refetch} />;
    return read.data && !read.fetching ? (
      <Note>{path} is the same on both sides now.</Note>
    ) : (
      <Skeletons count={8} height="line" />
    );
  }
  if (diff.unavailable) {
    return (
      <Empty icon={FileQuestion} title="No lines to show">
        <p>{diff.reason}</p>
      </Empty>
    );
  }
  const Table = layout === 'split' ? SplitTable : UnifiedTable;
  return (
    <>
      <div className="diff-scroll" tabIndex={0} role="group" aria-label={`Difference of ${path}`}>
        <Table hunks={diff.hunks} before={target.name} after={version ? `v${version}` : source.name} />
      </div>
      {diff.isTruncated && <Note>The difference is longer; this is its beginning.</Note>}
    </>
  );
}

type TableProps = { hunks: readonly Hunk[]; before: string; after: string };

function UnifiedTable({ hunks, before, after }: TableProps) {
  return (
    <table className="diff">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Line in {before}</th>
          <th scope="col">Line in {after}</th>
          <th scope="col">Change</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      {hunks.map((hunk) => (
        <tbody key={`${hunk.oldStart} ${hunk.newStart}`}>
          <HunkRow hunk={hunk} columns={4} />
          {pairsInOrder(hunk.lines).map(({ line, other }, index) => (
            <tr key={index} className="diff-line" data-kind={line.kind}>
              <td className="diff-number">{line.oldNumber}</td>
              <td className="diff-number">{line.newNumber}</td>
              <Sign kind={line.kind} />
              <Text line={line} other={other} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function SplitTable({ hunks, before, after }: TableProps) {
  return (
    <table className="diff" data-layout="split">
      <colgroup>
        <col className="diff-number-column" />
        <col className="diff-sign-column" />
        <col />
        <col className="diff-number-column" />
        <col className="diff-sign-column" />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" colSpan={3}>
            {before}
          </th>
          <th scope="col" colSpan={3}>
            {after}
          </th>
        </tr>
      </thead>
      {hunks.map((hunk) => (
        <tbody key={`${hunk.oldStart} ${hunk.newStart}`}>
          <HunkRow hunk={hunk} columns={6} />
          {pairsOf(hunk.lines).map(({ before, after }, index) => (
            <tr key={index} className="diff-line">
              <Half line={before} other={after} number={before?.oldNumber} />
              <Half line={after} other={before} number={after?.newNumber} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Half({ line, other, number }: { line: Line | null; other: Line | null; number: number | null | undefined }) {
  if (!line) return <td colSpan={3} className="diff-nothing" />;
  return (
    <>
      <td className="diff-number" data-kind={line.kind}>
        {number}
      </td>
      <Sign kind={line.kind} />
      <Text line={line} other={other} />
    </>
  );
}

const SIGNS = {
  ADDED: { sign: '+', word: 'added' },
  REMOVED: { sign: '−', word: 'removed' },
  CONTEXT: { sign: '', word: '' },
} as const;

/** Colour is never alone: a sign for the eye, a word for the ear. */
function Sign({ kind }: { kind: Line['kind'] }) {
  const { sign, word } = SIGNS[kind];
  return (
    <td className="diff-sign" data-kind={kind}>
      <span aria-hidden>{sign}</span>
      {word && <span className="visually-hidden">{word}</span>}
    </td>
  );
}

function Text({ line, other }: { line: Line; other: Line | null }) {
  const part = other && other !== line ? changedPart(line.text, other.text) : null;
  return (
    <td className="diff-text" data-kind={line.kind}>
      {part ? (
        <>
          {line.text.slice(0, part.from)}
          <mark className="diff-part">{line.text.slice(part.from, part.to)}</mark>
          {line.text.slice(part.to)}
        </>
      ) : (
        line.text
      )}
      {!line.hasLineBreak && <NoLineBreak />}
    </td>
  );
}

function NoLineBreak(): ReactNode {
  return <span className="subtle diff-no-break"> no line break at the end</span>;
}

function HunkRow({ hunk, columns }: { hunk: Hunk; columns: number }) {
  return (
    <tr className="diff-hunk">
      <td colSpan={columns}>
        @@ −{hunk.oldStart},{hunk.oldLines} +{hunk.newStart},{hunk.newLines} @@
      </td>
    </tr>
  );
}

/** Every line in the order of the hunk, with the one it took the place of. */
function pairsInOrder(lines: readonly Line[]): { line: Line; other: Line | null }[] {
  const others = new Map<Line, Line | null>();
  for (const { before, after } of pairsOf(lines)) {
    if (before) others.set(before, after);
    if (after) others.set(after, before);
  }
  return lines.map((line) => ({ line, other: line.kind === 'CONTEXT' ? null : (others.get(line) ?? null) }));
}
