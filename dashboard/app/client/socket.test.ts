import { expect, test } from 'vitest';
import { OncePerCursor } from './app-events';
import { follow, type Payload } from './socket';

type Subscribed = { payload: Payload; sink: { next(result: object): void } };

function transport() {
  const seen: Subscribed[] = [];
  const subscribe = (payload: Payload, sink: Subscribed['sink']) => {
    seen.push({ payload, sink });
    return () => undefined;
  };
  return { seen, over: { subscribe } as never };
}

const event = (cursor: string) => ({ data: { appEvents: { cursor } } });
const sent = (payload: Payload) => JSON.parse(JSON.stringify(payload)) as Payload;

test('what is sent after a reconnect goes on from the last event that was seen', () => {
  const { seen, over } = transport();
  follow({ query: '', documentId: 'sha256:0a', variables: { appId: 'A', after: 'c0' } }, sink(), over);
  const { payload, sink: inner } = seen[0]!;

  expect(sent(payload).variables).toEqual({ appId: 'A', after: 'c0' });
  inner.next(event('c1'));
  inner.next(event('c2'));
  expect(sent(payload)).toEqual({ query: '', documentId: 'sha256:0a', variables: { appId: 'A', after: 'c2' } });
});

test('an answer without a cursor moves nothing', () => {
  const { seen, over } = transport();
  follow({ query: '', variables: { after: 'c0' } }, sink(), over);
  seen[0]!.sink.next({ data: null });

  expect(sent(seen[0]!.payload).variables.after).toBe('c0');
});

test('an event that is replayed counts once', () => {
  const once = new OncePerCursor();

  expect(['a', 'b', 'a', 'b', 'c'].filter((cursor) => once.isNew(cursor))).toEqual(['a', 'b', 'c']);
});

function sink() {
  return { next: () => undefined, error: () => undefined, complete: () => undefined };
}
