/** The filters of the audit, as the address has them, the query and the export. */
import type { AuditLogFilter } from '../../gql/graphql';

export type Filters = { action: string; actor: string; outcome: string; env: string; from: string; to: string };
type Named = { id: string; databaseId: string; name: string };

const NAMES = ['action', 'actor', 'outcome', 'env', 'from', 'to'] as const;
const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const ACTIONS = [
  'environment.promote',
  'environment.rollback',
  'environment.redeploy',
  'environment.create',
  'environment.delete',
  'deployment.cancel',
  'deployment.retry',
  'environment_variable.set',
  'environment_variable.reveal',
  'environment_variable.delete',
  'api_key.create',
  'api_key.revoke',
  'repository.link',
  'webhook_secret.rotate',
  'app.create',
  'app_access.set',
  'app_access.clear',
];

export function filtersOf(search: URLSearchParams): Filters {
  const date = (name: string) => {
    const value = search.get(name) ?? '';
    return DATE.test(value) && !Number.isNaN(Date.parse(value)) ? value : '';
  };
  const outcome = search.get('outcome') ?? '';
  return {
    action: search.get('action') ?? '',
    actor: search.get('actor') ?? '',
    outcome: ['succeeded', 'refused'].includes(outcome) ? outcome : '',
    env: search.get('env') ?? '',
    from: date('from'),
    to: date('to'),
  };
}

/** What the server is asked for. Both dates are whole days of here. */
export function asked(filters: Filters, app: Named, environments: readonly Named[]): AuditLogFilter {
  const environment = environments.find(({ name }) => name === filters.env);
  return {
    appId: app.id,
    ...(environment && { environmentId: environment.id }),
    ...(filters.action && { actions: [filters.action] }),
    ...(filters.actor && { actorId: filters.actor }),
    ...(filters.outcome && { outcome: filters.outcome === 'refused' ? 'REFUSED' : 'SUCCEEDED' }),
    ...span(filters),
  };
}

/** Where the same entries are to be had as NDJSON, all of them, each with its place in the chain. */
export function exportAddress(filters: Filters, app: Named, environments: readonly Named[]): string {
  const environment = environments.find(({ name }) => name === filters.env);
  const query = new URLSearchParams({
    app_id: app.databaseId,
    ...(environment && { environment_id: environment.databaseId }),
    ...(filters.action && { action: filters.action }),
    ...(filters.actor && { actor_id: filters.actor }),
    ...(filters.outcome && { outcome: filters.outcome }),
    ...span(filters),
  });
  return `/v1/audit?${query}`;
}

function span({ from, to }: Filters): { since?: string; until?: string } {
  return {
    ...(from && { since: new Date(`${from}T00:00`).toISOString() }),
    ...(to && { until: new Date(Date.parse(`${to}T00:00`) + DAY).toISOString() }),
  };
}

export function withFilter(search: URLSearchParams, name: keyof Filters, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete('after');
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

export function withoutFilters(search: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of [...NAMES, 'after']) next.delete(name);
  return next;
}
