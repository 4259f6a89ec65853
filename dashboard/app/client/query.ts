/** Reading and acting: the two hooks every screen uses. */
import { useCallback, useEffect, useRef } from 'react';
import { type AnyVariables, type CombinedError, useMutation, useQuery } from 'urql';
import type { TypedDocumentString } from '../gql/graphql';
import { type AppEvent, useAppEvents } from './app-events';
import { connection } from './connection';
import { parse } from './documents';

const TOGETHER = 120;
const POLL_WHILE_LOST = 5_000;

export type Live<Data> = {
  data: Data | undefined;
  error: CombinedError | undefined;
  fetching: boolean;
  refetch: () => void;
};

type Options = {
  /** Which events make the answer old; all that is not in the cache by itself. */
  when?: (event: AppEvent) => boolean;
  pause?: boolean;
};

/**
 * A query that stays true: asked again when an event says so, after a wake, and politely while the
 * line is lost. What was there stays until the new answer is; that the line is lost is told once,
 * by the banner, and not by every part of a page.
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { when = () => false, pause = false }: Options = {},
): Live<Data> {
  const [{ data: answered, error, fetching, operation }, execute] = useQuery<Data, Variables>({
    query: parse(document),
    variables,
    pause,
  } as never);
  const data = useLastAnswer(answered ?? undefined, operation?.key, error);
  const isTold = data !== undefined && error?.networkError && connection.read().state === 'lost';
  const refetch = useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  useAppEvents((event) => {
    if (pause || (event !== null && !when(event))) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(refetch, TOGETHER);
  });
  usePollWhileLost(refetch, pause);
  return { data, error: error && !isTold && !isSignedOut(error) ? error : undefined, fetching, refetch };
}

/** An answer that does not come takes nothing away of the last one to the same question. */
function useLastAnswer<Data>(
  data: Data | undefined,
  question: number | undefined,
  error: CombinedError | undefined,
): Data | undefined {
  const last = useRef<{ question: number | undefined; data: Data } | null>(null);
  if (data !== undefined) last.current = { question, data };
  const isKept = error?.networkError && last.current?.question === question;
  return data ?? (isKept ? last.current?.data : undefined);
}

function usePollWhileLost(refetch: () => void, pause: boolean): void {
  useEffect(() => {
    if (pause) return;
    const timer = setInterval(() => {
      const { state, signedOut } = connection.read();
      if (state === 'lost' && !signedOut && document.visibilityState === 'visible') refetch();
    }, POLL_WHILE_LOST);
    return () => clearInterval(timer);
  }, [refetch, pause]);
}

export function useAct<Data, Variables extends AnyVariables>(document: TypedDocumentString<Data, Variables>) {
  return useMutation<Data, Variables>(parse(document));
}

function isSignedOut(error: CombinedError): boolean {
  return error.response?.status === 401;
}
