import { fromValue, mergeMap, pipe, subscribe } from 'wonka';
import { Client, createRequest, type Exchange, type Operation } from 'urql';
import { expect, test } from 'vitest';
import { cache } from './cache';

const DEPLOYMENTS = `query Page($after: String) {
  node(id: "e") { __typename ... on Environment { id deployments(first: 1, after: $after) {
    __typename nodes { __typename id } pageInfo { __typename hasNextPage endCursor } } } } }`;

const page = (id: string, endCursor: string) => ({
  node: {
    __typename: 'Environment',
    id: 'e',
    deployments: {
      __typename: 'DeploymentConnection',
      nodes: [{ __typename: 'Deployment', id }],
      pageInfo: { __typename: 'PageInfo', hasNextPage: true, endCursor },
    },
  },
});

const server: Exchange = () => (operations) =>
  pipe(
    operations,
    mergeMap((operation: Operation) =>
      fromValue({
        operation,
        data: operation.variables?.after ? page('second', 'b') : page('first', 'a'),
        stale: false,
        hasNext: false,
      }),
    ),
  );

test('each page of a list has its own items, and none of another page', () => {
  const client = new Client({ url: '/graphql', preferGetMethod: false, exchanges: [cache(), server] });
  const ids = (after: string | null) => {
    const seen: string[][] = [];
    pipe(
      client.executeQuery(createRequest(DEPLOYMENTS, { after })),
      subscribe(({ data }) => seen.push(data.node.deployments.nodes.map(({ id }: { id: string }) => id))),
    ).unsubscribe();
    return seen.at(-1);
  };

  expect([ids(null), ids('a'), ids(null)]).toEqual([['first'], ['second'], ['first']]);
});

test('a refusal has its words, which are asked of all refusals in one', () => {
  const refused = { __typename: 'EnvironmentLimitError', message: 'Your Free plan allows 2.' };
  const refusing: Exchange = () => (operations) =>
    pipe(
      operations,
      mergeMap((operation: Operation) =>
        fromValue({ operation, data: { createEnvironment: refused }, stale: false, hasNext: false }),
      ),
    );
  const client = new Client({ url: '/graphql', preferGetMethod: false, exchanges: [cache(), refusing] });
  const document = 'mutation { createEnvironment { __typename ... on UserError { message } } }';
  let seen: unknown;
  pipe(
    client.executeMutation(createRequest(document, {})),
    subscribe(({ data }) => (seen = data.createEnvironment)),
  );
  expect(seen).toEqual(refused);
});
