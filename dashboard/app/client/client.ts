/** The GraphQL client: persisted documents over HTTP and one websocket, through one cache. */
import { Client, type Exchange, fetchExchange, makeOperation, mapExchange, type Operation, subscriptionExchange } from 'urql';
import type { DocumentNode } from 'graphql';
import { pipe, map } from 'wonka';
import { cache } from './cache';
import { connection } from './connection';
import { persistedId } from './documents';
import { follow } from './socket';

/** Without this the server would answer an ordinary query as an event stream. */
const ACCEPT = 'application/graphql-response+json, application/json';

/**
 * After the cache, which needs the text: what is sent is the document's id alone. On its way back
 * the result gets its whole operation again, as the cache writes by the text.
 */
const persisted: Exchange = ({ forward }) => {
  const whole = new Map<number, Operation>();
  return (operations) =>
    pipe(
      operations,
      map((operation) => {
        if (operation.kind === 'teardown') whole.delete(operation.key);
        const documentId = persistedId(operation.query);
        if (!documentId || operation.kind === 'teardown') return operation;
        whole.set(operation.key, operation);
        const query = { kind: 'Document', definitions: [], documentId } as unknown as DocumentNode;
        return makeOperation(operation.kind, { ...operation, query }, operation.context);
      }),
      forward,
      map((result) => ({ ...result, operation: whole.get(result.operation.key) ?? result.operation })),
    );
};

const troubles = mapExchange({
  onError(error) {
    if (error.response?.status === 401) connection.signedOut();
    if (error.graphQLErrors.some((one) => one.extensions.code === 'DOCUMENT_UNKNOWN')) connection.outdated();
  },
});

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  requestPolicy: 'cache-and-network',
  fetchOptions: { headers: { accept: ACCEPT }, credentials: 'same-origin' },
  exchanges: [
    troubles,
    cache(),
    persisted,
    subscriptionExchange({
      isSubscriptionOperation: (operation) => operation.kind === 'subscription',
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: follow(
            {
              query: request.query ?? '',
              ...((request as { documentId?: string }).documentId && {
                documentId: (request as { documentId?: string }).documentId!,
              }),
              variables: (request.variables ?? {}) as Record<string, unknown>,
            },
            sink as Parameters<typeof follow>[1],
          ),
        }),
      }),
    }),
    fetchExchange,
  ],
});
