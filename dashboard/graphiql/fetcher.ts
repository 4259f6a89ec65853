/** How GraphiQL talks to the API: queries and mutations over HTTP, subscriptions over a websocket. */
import type { Fetcher, FetcherParams, Observable } from '@graphiql/toolkit';
import { getOperationAST, type ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { sentHeaders, type Headers } from './headers';

const PATH = '/graphql';
const ACCEPT = 'application/graphql-response+json, application/json';

export const createFetcher = (): Fetcher => (request, options) => {
  const headers = sentHeaders(options?.headers);
  const operation =
    options?.documentAST && getOperationAST(options.documentAST, request.operationName);
  return operation?.operation === 'subscription'
    ? subscribe(request, headers)
    : post(request, headers);
};

/** A typed `Authorization` is the only credential sent; without one, the viewer's session is. */
async function post(request: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  const response = await fetch(PATH, {
    method: 'POST',
    credentials: headers.Authorization === undefined ? 'same-origin' : 'omit',
    headers: { accept: ACCEPT, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  const body = await response.text();
  try {
    return JSON.parse(body) as ExecutionResult;
  } catch {
    throw new Error(`The server answered ${response.status} without JSON: ${body.slice(0, 500)}`);
  }
}

type Sink = {
  next: (result: ExecutionResult) => void;
  error: (error: unknown) => void;
  complete: () => void;
};

/**
 * A subscription on a socket of its own, opened with the headers as its `connection_init` payload:
 * whoever changes the headers gets a new socket with the next run. It is never retried, since a
 * silent second start would show old events as new; a lost socket is shown instead.
 */
function subscribe(request: FetcherParams, headers: Headers): Observable<ExecutionResult> {
  const observe = ({ next, error, complete }: Sink) => {
    const client = createClient({
      url: new URL(PATH, location.href.replace(/^http/, 'ws')).href,
      connectionParams: headers,
      retryAttempts: 0,
      keepAlive: 10_000,
    });
    const unsubscribe = client.subscribe<Record<string, unknown>>(
      {
        query: request.query,
        variables: request.variables,
        operationName: request.operationName ?? null,
      },
      {
        next: (result) => next(result as ExecutionResult),
        error: (reason) => error(spoken(reason)),
        complete,
      },
    );
    return { unsubscribe };
  };
  // The type also wants separate callbacks, a form that GraphiQL never uses.
  return { subscribe: observe as Observable<ExecutionResult>['subscribe'] };
}

function spoken(reason: unknown): unknown {
  if (reason instanceof CloseEvent) {
    return new Error(`The socket was closed: ${reason.code} ${reason.reason}`.trim());
  }
  if (reason instanceof Event) return new Error('The socket could not be opened.');
  return reason;
}
