/** The Deployments tab: everything that was ever deployed into an environment. */
import { ArrowUpFromLine, History, ListFilter } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAppEvents } from '../../client/app-events';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { EnvironmentDeploymentsFilter } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Choice } from '../../kit/choice';
import { PageHeading } from '../../kit/page';
import { Empty, LoadError, Skeletons } from '../../kit/states';
import { DeploymentCard } from '../../parts/deployment-card';
import { useOpenDialog } from '../../shell/address';
import { useApp, useMay } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import { asked, type Filters, filtersOf, withFilter, withoutFilters } from './filters';
import './deployments.css';

const Deployments = graphql(`
  query Deployments($id: ID!, $after: String, $filter: EnvironmentDeploymentsFilter) {
    node(id: $id) {
      ... on Environment {
        id
        deployments(first: 20, after: $after, filter: $filter) {
          totalCount
          nodes {
            ...DeploymentSummary
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

export function Component() {
  const environment = useEnvironment();
  const [search] = useSearchParams();
  const filters = filtersOf(search);
  const filter = asked(filters);
  const [actors, meet] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <div className="page-head">
        <PageHeading title="Deployments" />
        <FilterBar filters={filters} actors={actors} />
      </div>
      <Feed key={`${environment.id} ${JSON.stringify(filter)}`} filter={filter} onActors={meet} />
    </>
  );
}

function Feed({
  filter,
  onActors,
}: {
  filter: EnvironmentDeploymentsFilter | null;
  onActors: (add: (now: ReadonlySet<string>) => ReadonlySet<string>) => void;
}) {
  const environment = useEnvironment();
  const [pages, setPages] = useState<(string | null)[]>([null]);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [round, setRound] = useState(0);

  useAppEvents((event) => {
    if (event?.kind !== 'DEPLOYMENT_STARTED' || event.environment?.id !== environment.id) return;
    if (pages.length === 1 && window.scrollY < 120) setRound((now) => now + 1);
    else if (event.deployment) setFresh((now) => new Set([...now, event.deployment!.id]));
  });

  function showFresh() {
    setFresh(new Set());
    setPages([null]);
    setRound((now) => now + 1);
    window.scrollTo({ top: 0 });
  }

  return (
    <>
      {fresh.size > 0 && (
        <div className="fresh">
          <Button size="small" variant="primary" onPress={showFresh}>
            {fresh.size} new deployment{fresh.size === 1 ? '' : 's'}
          </Button>
        </div>
      )}
      <div role="feed" aria-label="Deployments" className="feed">
        {pages.map((after, index) => (
          <FeedPage
            key={after ?? ''}
            after={after}
            filter={filter}
            round={round}
            isLast={index === pages.length - 1}
            onMore={(cursor) => setPages((now) => [...now, cursor])}
            onActors={onActors}
          />
        ))}
      </div>
    </>
  );
}

function FeedPage({
  after,
  filter,
  round,
  isLast,
  onMore,
  onActors,
}: {
  after: string | null;
  filter: EnvironmentDeploymentsFilter | null;
  round: number;
  isLast: boolean;
  onMore: (cursor: string) => void;
  onActors: (add: (now: ReadonlySet<string>) => ReadonlySet<string>) => void;
}) {
  const environment = useEnvironment();
  const list = useLive(Deployments, { id: environment.id, after, filter });
  const { refetch } = list;
  useEffect(() => {
    if (round > 0) refetch();
  }, [round, refetch]);
  const page = list.data?.node?.__typename === 'Environment' ? list.data.node.deployments : undefined;
  const names = page?.nodes.flatMap(({ actor }) => actor?.name ?? []).join('\n');
  useEffect(() => {
    if (names) onActors((now) => new Set([...now, ...names.split('\n')]));
  }, [names, onActors]);

  if (!page) {
    return list.error ? (
      <LoadError what="the deployments" error={list.error} retry={list.refetch} />
    ) : (
      <div aria-busy>
        <Skeletons count={3} height="card" />
      </div>
    );
  }
  return (
    <>
      {list.error && <LoadError what="the deployments" error={list.error} retry={list.refetch} />}
      {page.nodes.map((deployment) => (
        <DeploymentCard key={deployment.id} deployment={deployment} environment={environment} />
      ))}
      {page.nodes.length === 0 && after === null && <NoDeployments isFiltered={filter !== null} />}
      {isLast && page.pageInfo.hasNextPage && page.pageInfo.endCursor && (
        <div className="more">
          <Button onPress={() => onMore(page.pageInfo.endCursor!)}>Load more</Button>
        </div>
      )}
    </>
  );
}

function NoDeployments({ isFiltered }: { isFiltered: boolean }) {
  const environment = useEnvironment();
  const { app } = useApp();
  const [search, change] = useSearchParams();
  const openDialog = useOpenDialog();
  const mayPromote = useMay('environment.promote');
  if (isFiltered) {
    return (
      <Empty icon={ListFilter} title="No deployments match.">
        <Button onPress={() => change(withoutFilters(search))}>Clear filters</Button>
      </Empty>
    );
  }
  if (environment.isDefault) {
    return <Empty icon={History} title={`Pushes to ${app.repository?.branch ?? 'your branch'} appear here.`} />;
  }
  return (
    <Empty icon={ArrowUpFromLine} title={`Nothing has been promoted into ${environment.name} yet.`}>
      <p>It serves nothing until the first promote.</p>
      {mayPromote && (
        <Button variant="primary" onPress={() => openDialog('promote')}>
          Promote to {environment.name}
        </Button>
      )}
    </Empty>
  );
}

const STATUS_OPTIONS = [
  { id: '', text: 'Any status' },
  { id: 'in-progress', text: 'In progress' },
  { id: 'success', text: 'Success' },
  { id: 'failed', text: 'Failed' },
];

function FilterBar({ filters, actors }: { filters: Filters; actors: ReadonlySet<string> }) {
  const [search, change] = useSearchParams();
  const set = (name: keyof Filters) => (value: string) => change(withFilter(search, name, value), { replace: true });
  const names = [...new Set([...actors, ...(filters.actor ? [filters.actor] : [])])].sort();
  return (
    <div className="page-head-aside filters" role="group" aria-label="Filters">
      <Choice compact label="Status" options={STATUS_OPTIONS} value={filters.status} onChange={set('status')} />
      <Choice
        compact
        label="Actor"
        options={[{ id: '', text: 'Anyone' }, ...names.map((name) => ({ id: name, text: name }))]}
        value={filters.actor}
        onChange={set('actor')}
      />
      <label className="date-filter">
        <span className="subtle">From</span>
        <input
          type="date"
          value={filters.from}
          data-empty={!filters.from || undefined}
          onChange={({ target }) => set('from')(target.value)}
        />
      </label>
      <label className="date-filter">
        <span className="subtle">To</span>
        <input
          type="date"
          value={filters.to}
          data-empty={!filters.to || undefined}
          onChange={({ target }) => set('to')(target.value)}
        />
      </label>
    </div>
  );
}
