/** The states every screen has besides its content: waiting, empty, failed, denied, not there. */
import { CircleAlert, CircleCheck, Info, LockKeyhole, type LucideIcon, SearchX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { Button } from './button';
import { PageHeading } from './page';

const ICONS = { info: Info, danger: CircleAlert, warning: TriangleAlert, success: CircleCheck, neutral: Info };

/** A sentence beside what it is about. An error that needs an act is an `alert`. */
export function Note({
  tone = 'neutral',
  role = tone === 'danger' ? 'alert' : 'note',
  label,
  children,
}: {
  tone?: keyof typeof ICONS;
  role?: 'alert' | 'note' | 'status';
  label?: string;
  children: ReactNode;
}) {
  const Icon = ICONS[tone];
  return (
    <div className="note" data-tone={tone} role={role} aria-label={label}>
      <Icon size={15} aria-hidden />
      <div className="note-body">{children}</div>
    </div>
  );
}

export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon size={18} aria-hidden />
      </span>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** What could not be read; whatever was read before stays on the page under it. */
export function LoadError({ what, error, retry }: { what: string; error: CombinedError; retry: () => void }) {
  return (
    <div className="note" data-tone="danger" role="alert">
      <CircleAlert size={15} aria-hidden />
      <div className="note-body">
        Couldn’t load {what}. {reasonOf(error)}
      </div>
      <Button size="small" onPress={retry}>
        Retry
      </Button>
    </div>
  );
}

export function reasonOf(error: CombinedError): string {
  if (error.networkError) return 'The server did not answer.';
  return error.graphQLErrors[0]?.message ?? '';
}

export function NotFound({
  what,
  why = 'It may have been deleted, or you may not have access to it.',
  nearest,
}: {
  what: string;
  why?: string;
  nearest?: ReactNode;
}) {
  return (
    <div className="page">
      <PageHeading title="Not found" />
      <Empty icon={SearchX} title={what}>
        <p>{why}</p>
        {nearest}
      </Empty>
    </div>
  );
}

export function Denied({ title, permission }: { title: string; permission: string }) {
  return (
    <div className="page">
      <PageHeading title={title} />
      <Empty icon={LockKeyhole} title={`Needs ${permission}.`}>
        <p>Ask an owner or an admin of the organization for a role that holds it.</p>
      </Empty>
    </div>
  );
}

/** Blocks of the size of what will be there; they appear after 200 ms. */
export function Skeletons({ count, height }: { count: number; height: 'row' | 'card' | 'line' }) {
  return (
    <div className="skeletons" aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className="skeleton" data-height={height} />
      ))}
    </div>
  );
}
