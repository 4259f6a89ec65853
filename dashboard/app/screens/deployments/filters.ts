/** The filters of the list, as the address has them. */
import type { DeploymentStatus, EnvironmentDeploymentsFilter } from '../../gql/graphql';

export type Filters = { status: string; actor: string; from: string; to: string };

const STATUSES: Record<string, DeploymentStatus> = {
  'in-progress': 'IN_PROGRESS',
  success: 'DEPLOYED',
  failed: 'FAILED',
};
const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function filtersOf(search: URLSearchParams): Filters {
  const date = (name: string) => {
    const value = search.get(name) ?? '';
    return DATE.test(value) && !Number.isNaN(Date.parse(value)) ? value : '';
  };
  const status = search.get('status') ?? '';
  return {
    status: Object.hasOwn(STATUSES, status) ? status : '',
    actor: search.get('actor') ?? '',
    from: date('from'),
    to: date('to'),
  };
}

/** What the server is asked for; null when nothing is left out. Both dates are whole days of here. */
export function asked({ status, actor, from, to }: Filters): EnvironmentDeploymentsFilter | null {
  const filter: EnvironmentDeploymentsFilter = {
    ...(status && { status: STATUSES[status]! }),
    ...(actor && { actorName: actor }),
    ...(from && { since: new Date(`${from}T00:00`).toISOString() }),
    ...(to && { until: new Date(Date.parse(`${to}T00:00`) + DAY).toISOString() }),
  };
  return Object.keys(filter).length === 0 ? null : filter;
}

export function withFilter(search: URLSearchParams, name: keyof Filters, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

export function withoutFilters(search: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of ['status', 'actor', 'from', 'to']) next.delete(name);
  return next;
}
