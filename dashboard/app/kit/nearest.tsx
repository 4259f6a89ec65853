/** The names that come nearest to one that is not there, as links. */
import { Link } from 'react-router';

const SHOWN = 3;

export function Nearest<One extends { id: string; name: string }>({
  to,
  of,
  at,
}: {
  to: string | undefined;
  of: readonly One[];
  at: (one: One) => string;
}) {
  if (of.length === 0) return null;
  return (
    <p>
      Did you mean{' '}
      {nearest(to ?? '', of).map((one, index) => (
        <span key={one.id}>
          {index > 0 && ' or '}
          <Link className="text-link" to={at(one)}>
            {one.name}
          </Link>
        </span>
      ))}
      ?
    </p>
  );
}

export function nearest<One extends { name: string }>(name: string, of: readonly One[]): One[] {
  return [...of]
    .map((one) => ({ one, far: distance(name, one.name) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, SHOWN)
    .map(({ one }) => one);
}

/** How many letters to change, add or leave out. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swapped = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, swapped));
    }
    row = next;
  }
  return row[to.length]!;
}
