/** The timeline as a file. */
import type { Interval } from './timeline';

const COLUMNS = ['version', 'commit', 'from', 'to', 'promoted_by', 'source', 'note'] as const;

function rowsOf(intervals: readonly Interval[]): Record<(typeof COLUMNS)[number], string | number | null>[] {
  return intervals.map(({ version, commit, from, to, deployment }) => ({
    version: version ?? null,
    commit: commit.sha,
    from,
    to: to ?? null,
    promoted_by: deployment.actor?.name ?? null,
    source: deployment.sourceName ?? null,
    note: deployment.note ?? null,
  }));
}

export function asJson(intervals: readonly Interval[]): string {
  return `${JSON.stringify(rowsOf(intervals), null, 2)}\n`;
}

export function asCsv(intervals: readonly Interval[]): string {
  const lines = rowsOf(intervals).map((row) => COLUMNS.map((column) => cell(row[column])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

/** Quoted; a text that a spreadsheet would take for a formula is kept a text. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
