/** The way of a change through the environments, as the last promotions went. */
export type Stop = { id: string; name: string; isDefault: boolean };

/**
 * Columns from `dev` on: an environment stands right of the one it was last promoted from. What was
 * never promoted into stands nowhere, and who promotes in a circle is counted once.
 */
export function columnsOf<One extends Stop>(stops: readonly One[], sourceOf: (stop: One) => string | null): One[][] {
  const byName = new Map(stops.map((stop) => [stop.name, stop]));
  const columns: One[][] = [];
  for (const stop of stops) {
    const place = placeOf(stop, new Set());
    if (place !== null) (columns[place] ??= []).push(stop);
  }
  return columns.filter((column) => column.length > 0);

  function placeOf(stop: One, passed: Set<string>): number | null {
    if (stop.isDefault) return 0;
    const source = sourceOf(stop);
    if (source === null || passed.has(stop.name)) return null;
    const from = byName.get(source);
    const before = from ? placeOf(from, new Set([...passed, stop.name])) : 0;
    return (before ?? 0) + 1;
  }
}
