/** The one websocket of the page, and subscriptions that go on where they were cut off. */
import { type Client, createClient } from 'graphql-ws';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import { connection } from './connection';

const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
const BAD_REQUEST = 4400;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
const PING_EVERY = 10_000;
const PONG_WITHIN = 5_000;

export type Payload = { query: string; documentId?: string; variables: Record<string, unknown> };
type Result = FormattedExecutionResult | ExecutionResult;
type Sink = { next(result: Result): void; error(error: unknown): void; complete(): void };

let hurry: (() => void) | null = null;
let opened: WebSocket | null = null;
let unanswered: ReturnType<typeof setTimeout> | undefined;

export const socket: Client = createClient({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  lazyCloseTimeout: 3_000,
  keepAlive: PING_EVERY,
  retryAttempts: Infinity,
  shouldRetry: (reason) => !isClose(reason) || reason.code !== FORBIDDEN,
  retryWait: (attempt) => waitOrHurry(Math.random() * Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT)),
  on: {
    opened: (instance) => (opened = instance as WebSocket),
    connected: connection.connected,
    ping: (isTheirs) => {
      if (!isTheirs) unanswered = setTimeout(() => opened?.close(4408, 'No pong'), PONG_WITHIN);
    },
    pong: (isTheirs) => isTheirs && clearTimeout(unanswered),
    closed: (event) => closed(event as CloseEvent),
    error: connection.lost,
  },
});

/** Try again at once, or close a socket that may be dead so that a new one is opened. */
export function reconnect(): void {
  if (hurry) hurry();
  else opened?.close(4205, 'Reconnect');
}

/** The browser knows first that there is no line at all; a socket notices with its next ping. */
export function startNoticing(): void {
  window.addEventListener('offline', connection.lost);
  window.addEventListener('online', reconnect);
}

function closed(event: CloseEvent): void {
  opened = null;
  clearTimeout(unanswered);
  if (event.code === UNAUTHORIZED) connection.signedOut();
  else if (event.code === BAD_REQUEST) connection.outdated();
  else if (event.code === 1000) connection.idle();
  else connection.lost();
}

function isClose(reason: unknown): reason is CloseEvent {
  return typeof reason === 'object' && reason !== null && 'code' in reason;
}

function waitOrHurry(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(go, milliseconds);
    function go() {
      clearTimeout(timer);
      hurry = null;
      resolve();
    }
    hurry = go;
  });
}

/**
 * Follow one subscription over any number of sockets.
 *
 * The library sends the same payload again after each reconnect; `after` is a getter on it, so
 * what is sent is the cursor of the last event that was seen.
 */
export function follow(payload: Payload, sink: Sink, over: Pick<Client, 'subscribe'> = socket): () => void {
  let after = payload.variables.after;
  const variables = Object.defineProperty({ ...payload.variables }, 'after', {
    enumerable: true,
    get: () => after,
  });
  return over.subscribe(
    { ...payload, variables },
    {
      next(result) {
        after = cursorOf(result) ?? after;
        sink.next(result as Result);
      },
      error: (error) => sink.error(error),
      complete: () => sink.complete(),
    },
  );
}

function cursorOf(result: { data?: unknown }): string | undefined {
  for (const value of Object.values(result.data ?? {})) {
    const cursor = (value as { cursor?: unknown } | null)?.cursor;
    if (typeof cursor === 'string') return cursor;
  }
  return undefined;
}
