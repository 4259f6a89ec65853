/** GraphiQL with the query explorer and the history, talking to the server it came from. */
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { DEFAULT_QUERY } from './default-query';
import { createFetcher } from './fetcher';
import { PLACEHOLDER } from './headers';
import { storage } from './storage';

const PLUGINS = [explorerPlugin(), HISTORY_PLUGIN];
const PAUSE_IN_TYPING = 600;

/** The value, once it has stayed the same for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_IN_TYPING);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/**
 * What a link `?query=…&variables=…` asks for; nothing is run by opening it. A query comes with its
 * variables even when there are none, or the last ones stored would be mixed in.
 */
function linked(search: string) {
  const parameters = new URLSearchParams(search);
  const initialQuery = parameters.get('query');
  if (initialQuery === null) return {};
  return { initialQuery, initialVariables: parameters.get('variables') ?? '' };
}

export function Explorer() {
  const [headers, setHeaders] = useState(PLACEHOLDER);
  const settledHeaders = useSettled(headers);
  // A new fetcher makes GraphiQL read the schema again, now with the token just typed.
  const fetcher = useMemo(createFetcher, [settledHeaders]);

  return (
    <GraphiQL
      {...linked(location.search)}
      fetcher={fetcher}
      storage={storage}
      plugins={PLUGINS}
      defaultQuery={DEFAULT_QUERY}
      defaultHeaders={PLACEHOLDER}
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders={false}
      onEditHeaders={setHeaders}
    >
      <GraphiQL.Logo>Pinmark</GraphiQL.Logo>
    </GraphiQL>
  );
}
