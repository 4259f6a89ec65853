/** A hunk's lines as rows: one below the other, or old beside new. */
import type { FileDiffQuery } from '../../gql/graphql';

type FileDiff = NonNullable<NonNullable<FileDiffQuery['comparison']>['fileDiff']>;
export type Hunk = FileDiff['hunks'][number];
export type Line = Hunk['lines'][number];
export type Pair = { before: Line | null; after: Line | null };

/** Removed lines stand beside the added ones that follow them; what is left over has nothing beside it. */
export function pairsOf(lines: readonly Line[]): Pair[] {
  const pairs: Pair[] = [];
  let removed: Line[] = [];
  let added: Line[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      pairs.push({ before: removed[at] ?? null, after: added[at] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'REMOVED') {
      if (added.length > 0) flush();
      removed.push(line);
    } else if (line.kind === 'ADDED') {
      added.push(line);
    } else {
      flush();
      pairs.push({ before: line, after: line });
    }
  }
  flush();
  return pairs;
}

/** The part of a line that differs from the one that takes its place; null when most of it does. */
export function changedPart(text: string, other: string): { from: number; to: number } | null {
  let from = 0;
  while (from < text.length && from < other.length && text[from] === other[from]) from++;
  let end = 0;
  const longest = Math.min(text.length, other.length) - from;
  while (end < longest && text.at(-1 - end) === other.at(-1 - end)) end++;
  const to = text.length - end;
  return from + end < Math.max(text.length, other.length) / 3 || to <= from ? null : { from, to };
}
