/** What came of things in the background: a polite word, never the only record. */
import { CircleCheck, CircleX, X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { Button } from './button';

type Toast = { id: number; tone: 'success' | 'danger'; text: string; to?: string | undefined };
const SHOWN_FOR = 6_000;

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: Toast[]): void {
  toasts = to;
  for (const listener of listeners) listener();
}

export function toast(what: Omit<Toast, 'id'>): void {
  change([...toasts.slice(-2), { ...what, id: next++ }]);
}

const dismiss = (id: number) => change(toasts.filter((one) => one.id !== id));

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-label="Notifications">
      {shown.map((one) => (
        <ShownToast key={one.id} {...one} />
      ))}
    </div>
  );
}

function ShownToast({ id, tone, text, to }: Toast) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [id]);
  const Icon = tone === 'success' ? CircleCheck : CircleX;
  return (
    <div className="toast" data-tone={tone}>
      <Icon size={16} aria-hidden />
      <span className="toast-text">{text}</span>
      {to && (
        <Link className="text-link" to={to}>
          View
        </Link>
      )}
      <Button variant="quiet" size="small" iconOnly aria-label="Dismiss" onPress={() => dismiss(id)}>
        <X size={14} aria-hidden />
      </Button>
    </div>
  );
}
