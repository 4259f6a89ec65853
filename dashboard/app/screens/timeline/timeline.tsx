/** What ran when: bars, the same in a table, and the answer for one moment. */
import { CircleCheck, Download, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useAppEvents } from '../../client/app-events';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { TimelineQuery } from '../../gql/graphql';
import { Choice } from '../../kit/choice';
import { Chip } from '../../kit/chip';
import { Actor, Sha } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Empty, LoadError, Note, Skeletons } from '../../kit/states';
import { absolute, duration } from '../../kit/time';
import { TableHead } from '../../kit/table-head';
import { headline } from '../../parts/deployment';
import { useApp } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import { Bars } from './bars';
import { asCsv, asJson } from './export';
import { RanAt } from './ran-at';
import { dayText, rangeOf } from './when';
import { appPage } from '../../shell/address';
import '../../kit/table.css';
import './timeline.css';

const Timeline = graphql(`
  query Timeline($id: ID!, $from: DateTime!, $to: DateTime!) {
    node(id: $id) {
      ... on Environment {
        id
        timeline(from: $from, to: $to, first: 100) {
          totalCount
          nodes {
            from
            to
            version
            commit {
              ...CommitSummary
            }
            deployment {
              ...DeploymentSummary
            }
          }
        }
        deployments(first: 50, filter: { status: FAILED, since: $from, until: $to }) {
          nodes {
            ...DeploymentSummary
          }
        }
      }
    }
  }
`);

type Answer = Extract<NonNullable<TimelineQuery['node']>, { __typename: 'Environment' }>;
export type Interval = Answer['timeline']['nodes'][number];
export type Failure = Answer['deployments']['nodes'][number];

const DAY = 86_400_000;
const RANGES = [1, 7, 30, 90].map((days) => ({
  id: String(days),
  text: days === 1 ? 'Last 24 hours' : `Last ${days} days`,
}));

export function Component() {
  const environment = useEnvironment();
  const [search] = useSearchParams();
  const [askedAt, askAgain] = useState(() => new Date());
  const range = rangeOf(search, askedAt);
  const timeline = useLive(Timeline, {
    id: environment.id,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
  });
  useAppEvents((event) => {
    if (event === null || event.environment?.id === environment.id) askAgain(new Date()); // another "now", another answer
  });
  const last = useLast(timeline.data?.node?.__typename === 'Environment' ? timeline.data.node : undefined);
  const intervals = last?.id === environment.id ? last.timeline.nodes : undefined;
  return (
    <>
      <div className="page-head">
        <PageHeading title="What ran when" />
        <RangePicker />
      </div>
      <RanAt environment={environment} />
      {timeline.error && <LoadError what="the timeline" error={timeline.error} retry={timeline.refetch} />}
      {intervals && last ? (
        intervals.length === 0 && last.deployments.nodes.length === 0 ? (
          <Empty icon={Hourglass} title={`${environment.name} served nothing in this time.`}>
            <p>Choose a longer one, or promote into it.</p>
          </Empty>
        ) : (
          <>
            <Bars range={range} intervals={intervals} failures={last.deployments.nodes} />
            <VersionsTable intervals={intervals} range={range} />
            {last.timeline.totalCount > intervals.length && (
              <Note>
                The newest {intervals.length} of {last.timeline.totalCount} are shown. Choose a shorter time.
              </Note>
            )}
          </>
        )
      ) : (
        !timeline.error && <Skeletons count={3} height="card" />
      )}
    </>
  );
}

/** What was there stays until the answer for another range is. */
function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, keep] = useState(value);
  if (value !== undefined && value !== last) keep(value);
  return value ?? last;
}

function RangePicker() {
  const [search, change] = useSearchParams();
  const from = search.get('from');
  const to = search.get('to');
  const preset = RANGES.find(({ id }) => !to && from === dayText(new Date(Date.now() - Number(id) * DAY)))?.id;

  function set(facts: Record<string, string | null>) {
    change((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(facts)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    }, { replace: true });
  }

  return (
    <div className="page-head-aside filters" role="group" aria-label="Range">
      <Choice
        compact
        label="Range"
        placeholder="Chosen days"
        options={RANGES}
        value={preset ?? (from || to ? null : '7')}
        onChange={(days) =>
          set({ from: days === '7' ? null : dayText(new Date(Date.now() - Number(days) * DAY)), to: null })
        }
      />
      <label className="date-filter">
        <span className="subtle">From</span>
        <input type="date" value={from ?? ''} data-empty={!from || undefined} onChange={({ target }) => set({ from: target.value })} />
      </label>
      <label className="date-filter">
        <span className="subtle">To</span>
        <input type="date" value={to ?? ''} data-empty={!to || undefined} onChange={({ target }) => set({ to: target.value })} />
      </label>
    </div>
  );
}

function VersionsTable({ intervals, range }: { intervals: readonly Interval[]; range: { to: Date } }) {
  const { app } = useApp();
  const environment = useEnvironment();
  const name = `${app.name}-${environment.name}-timeline`;
  return (
    <section className="card table-card" aria-label="Versions in range">
      <table className="table" aria-label="Versions in range">
        <TableHead columns={['Version', 'Commit', 'From', 'To', 'Duration', environment.isDefault ? 'Pushed by' : 'Promoted by']} />
        <tbody>
          {intervals.map(({ from, to, version, commit, deployment }) => (
            <tr key={from}>
              <th scope="row">
                <Link className="row-link mono" to={`${appPage(app.name)}/e/${environment.name}/deployments/${deployment.id}`}>
                  {version ? `v${version}` : commit.shortSha}
                </Link>
              </th>
              <td className="cell-wide">
                <span className="timeline-commit">
                  <Sha sha={commit.sha} short={commit.shortSha} />
                  <span className="timeline-message muted">{headline(commit.message)}</span>
                </span>
              </td>
              <td className="numeric">
                <time dateTime={from}>{absolute(from)}</time>
              </td>
              <td className="numeric">
                {to ? <time dateTime={to}>{absolute(to)}</time> : <Chip tone="success" icon={CircleCheck}>Now</Chip>}
              </td>
              <td className="numeric">{duration((to ? Date.parse(to) : range.to.getTime()) - Date.parse(from))}</td>
              <td>
                <Actor actor={deployment.actor} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="table-foot">
        <span className="subtle">Export</span>
        <ExportLink name={`${name}.csv`} type="text/csv" text={asCsv(intervals)}>
          CSV
        </ExportLink>
        <ExportLink name={`${name}.json`} type="application/json" text={asJson(intervals)}>
          JSON
        </ExportLink>
      </div>
    </section>
  );
}

function ExportLink({ name, type, text, children }: { name: string; type: string; text: string; children: string }) {
  return (
    <a
      className="button"
      data-variant="quiet"
      data-size="small"
      href={`data:${type};charset=utf-8,${encodeURIComponent(text)}`}
      download={name}
    >
      <Download size={13} aria-hidden />
      {children}
    </a>
  );
}
