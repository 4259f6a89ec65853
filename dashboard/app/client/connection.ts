/** What the page knows of its line to the server, for the banner and for everything that counts time. */
import { useSyncExternalStore } from 'react';

export type Connection = {
  state: 'idle' | 'live' | 'lost';
  /** When the line went; null while it is there. */
  lostAt: number | null;
  /** When it came back last, so that the banner can say so. */
  restoredAt: number | null;
  /** The session has ended: nothing is tried again before somebody signs in. */
  signedOut: boolean;
  /** The server no longer knows this page's documents: it has been upgraded. */
  outdated: boolean;
};

let current: Connection = {
  state: 'idle',
  lostAt: null,
  restoredAt: null,
  signedOut: false,
  outdated: false,
};
const listeners = new Set<() => void>();

function change(next: Partial<Connection>): void {
  current = { ...current, ...next };
  for (const listener of listeners) listener();
}

export const connection = {
  read: () => current,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  connected() {
    const restoredAt = current.state === 'lost' ? Date.now() : current.restoredAt;
    change({ state: 'live', lostAt: null, restoredAt });
  },
  lost() {
    if (current.state !== 'lost') change({ state: 'lost', lostAt: Date.now() });
  },
  /** Nobody follows anything any more, so there is nothing to lose. */
  idle() {
    if (current.state === 'live') change({ state: 'idle' });
  },
  signedOut() {
    if (!current.signedOut) change({ signedOut: true });
  },
  /** Somebody is signed in again: what is on the page is asked for again, as after a lost line. */
  signedIn() {
    if (current.signedOut) change({ signedOut: false, restoredAt: Date.now() });
  },
  outdated() {
    if (!current.outdated) change({ outdated: true });
  },
};

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.read);
}
