/**
 * The app's events, followed once a page.
 *
 * The cache takes what an event carries. Lists and comparisons are not in an event, so whoever
 * shows one asks to be told and fetches again, keeping what it shows meanwhile.
 */
import { useEffect, useRef } from 'react';
import { useClient } from 'urql';
import { pipe, subscribe } from 'wonka';
import { graphql } from '../gql';
import type { AppEventsSubscription } from '../gql/graphql';
import { connection } from './connection';
import { parse } from './documents';

export type AppEvent = AppEventsSubscription['appEvents'];
/** An event, or null when anything may have happened: after a sleep or a lost line. */
type Listener = (event: AppEvent | null) => void;

const listeners = new Set<Listener>();

const AppEvents = graphql(`
  subscription AppEvents($appId: ID!, $after: String) {
    appEvents(appId: $appId, after: $after) {
      cursor
      occurredAt
      kind
      actor {
        kind
        name
      }
      environment {
        ...EnvironmentSummary
      }
      deployment {
        ...DeploymentSummary
      }
    }
  }
`);

/** Follow an app from a cursor on, and tell everybody who listens. */
export function useFollowApp(appId: string | undefined, eventCursor: string | undefined): void {
  const client = useClient();
  const from = useRef(eventCursor);
  from.current ??= eventCursor;
  const begun = from.current !== undefined;

  useEffect(() => {
    if (!appId || !begun) return;
    const seen = new OncePerCursor();
    const { unsubscribe } = pipe(
      client.subscription(parse(AppEvents), { appId, after: from.current! }),
      subscribe(({ data }) => {
        if (data && seen.isNew(data.appEvents.cursor)) tell(data.appEvents);
      }),
    );
    return unsubscribe;
  }, [client, appId, begun]);
}

/** Tells events apart from their replays: urql gives its last result to whoever comes late. */
export class OncePerCursor {
  private readonly seen = new Set<string>();

  isNew(cursor: string): boolean {
    if (this.seen.has(cursor)) return false;
    this.seen.add(cursor);
    return true;
  }
}

export function useAppEvents(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const told: Listener = (event) => latest.current(event);
    listeners.add(told);
    return () => void listeners.delete(told);
  }, []);
}

function tell(event: AppEvent | null): void {
  for (const listener of listeners) listener(event);
}

/** A page that slept or lost its line trusts nothing it shows until it has asked again. */
export function startWaking(): void {
  const wake = () => {
    if (document.visibilityState === 'visible') tell(null);
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  let restoredAt = connection.read().restoredAt;
  connection.subscribe(() => {
    const now = connection.read().restoredAt;
    if (now !== restoredAt) tell(null);
    restoredAt = now;
  });
}
