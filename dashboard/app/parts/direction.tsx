/** From where to where: always in sight, never ambiguous. */
import { ArrowRight } from 'lucide-react';

export function Direction({ source, target }: { source: string | null; target: string }) {
  return (
    <div className="direction" role="note" aria-label="Direction">
      <span className={source ? 'direction-end' : 'direction-end subtle'}>{source ?? 'Select source'}</span>
      <span aria-hidden className="direction-line">
        <ArrowRight size={15} />
      </span>
      <span className="visually-hidden"> → </span>
      <span className="direction-end direction-target">{target}</span>
    </div>
  );
}
