/** A short word about a state: never colour alone. */
import { CircleCheck, CircleDashed, CircleSlash, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnection } from '../client/connection';

export type Tone = 'neutral' | 'info' | 'success' | 'danger' | 'warning' | 'accent';

export function Chip({
  tone = 'neutral',
  icon: Icon,
  look,
  children,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  look?: 'outline';
  children: ReactNode;
}) {
  return (
    <span className="chip" data-tone={tone} data-look={look}>
      {Icon && <Icon size={12} strokeWidth={2.25} aria-hidden />}
      {children}
    </span>
  );
}

const PROGRESS = {
  running: { tone: 'info', icon: LoaderCircle },
  done: { tone: 'success', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
  skipped: { tone: 'neutral', icon: CircleSlash },
  waiting: { tone: 'neutral', icon: CircleDashed },
} as const;

export type Progress = keyof typeof PROGRESS;

/** A state that may still change: greyed, and said to be old, once the line is lost. */
export function LiveChip({ progress, children }: { progress: Progress; children: ReactNode }) {
  const { state } = useConnection();
  const isOld = state === 'lost' && (progress === 'running' || progress === 'waiting');
  const { tone, icon: Icon } = PROGRESS[progress];
  return (
    <span className="chip" data-tone={tone} data-stale={isOld || undefined}>
      <Icon
        size={12}
        strokeWidth={2.25}
        aria-hidden
        className={progress === 'running' && !isOld ? 'spin' : undefined}
      />
      {children}
      {isOld && <span className="visually-hidden"> (last known)</span>}
    </span>
  );
}
