/** The audit log: every act and every refusal in the app, newest first. */
import { ChevronRight, Download, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import { useLive } from '../../client/query';
import { graphql } from '../../gql';
import type { AuditLogQuery } from '../../gql/graphql';
import { Button } from '../../kit/button';
import { Choice } from '../../kit/choice';
import { LiveChip } from '../../kit/chip';
import { Actor, Time } from '../../kit/identity';
import { PageHeading } from '../../kit/page';
import { Pager, usePage } from '../../kit/pager';
import { Denied, Empty, LoadError, Skeletons } from '../../kit/states';
import { TableHead } from '../../kit/table-head';
import { useApp, useEnvironments, useMay } from '../../shell/app-data';
import { useActors } from './actors';
import { ACTIONS, asked, exportAddress, type Filters, filtersOf, withFilter, withoutFilters } from './filters';
import '../../kit/table.css';
import '../settings.css';
import './audit.css';

const AuditLog = graphql(`
  query AuditLog($after: String, $filter: AuditLogFilter) {
    auditLog(first: 50, after: $after, filter: $filter) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        seq
        occurredAt
        action
        outcome
        subjectKind
        before
        after
        facts
        requestId
        hash
        actor {
          id
          kind
          name
        }
        environment {
          id
          name
        }
      }
    }
  }
`);

type Entry = AuditLogQuery['auditLog']['nodes'][number];
const ANY = '*';

export function Component() {
  return useMay('audit.read') ? <Audit /> : <Denied title="Audit log" permission="audit.read" />;
}

function Audit() {
  const { app } = useApp();
  const environments = useEnvironments();
  const [search, change] = useSearchParams();
  const { after } = usePage();
  const filters = filtersOf(search);
  const isFiltered = Object.values(filters).some(Boolean);
  const read = useLive(AuditLog, { after, filter: asked(filters, app, environments) }, { when: () => after === null });
  const log = read.data?.auditLog;
  return (
    <div className="page">
      <div className="page-head">
        <PageHeading title="Audit log" />
        <div className="page-head-aside">
          <a className="button" href={exportAddress(filters, app, environments)} download={`${app.name}-audit.ndjson`}>
            <Download size={14} aria-hidden />
            Export NDJSON
          </a>
        </div>
      </div>
      <FilterBar filters={filters} isFiltered={isFiltered} seen={log?.nodes ?? []} />
      {read.error && <LoadError what="the audit log" error={read.error} retry={read.refetch} />}
      {!log && !read.error && <Skeletons count={6} height="row" />}
      {log?.nodes.length === 0 && (
        <Empty icon={ScrollText} title={isFiltered ? 'No entries match.' : 'Nothing has happened yet.'}>
          {isFiltered && <Button onPress={() => change(withoutFilters)}>Clear filters</Button>}
        </Empty>
      )}
      {log && log.nodes.length > 0 && (
        <>
          <div className="card table-card" tabIndex={0} role="region" aria-label="Entries">
            <table className="table audit" aria-label="Audit log">
              <TableHead columns={['When', 'Who', 'Action', 'Environment', 'Outcome']} hidden="Details" />
              <tbody>
                {log.nodes.map((entry) => (
                  <Row key={entry.id} entry={entry} />
                ))}
              </tbody>
            </table>
          </div>
          <Pager of={log.pageInfo} shown={log.nodes.length} total={log.totalCount} />
        </>
      )}
    </div>
  );
}

function FilterBar({ filters, isFiltered, seen }: { filters: Filters; isFiltered: boolean; seen: readonly Entry[] }) {
  const environments = useEnvironments();
  const actors = useActors(
    seen.map(({ actor }) => actor),
    filters.actor,
  );
  const [, change] = useSearchParams();
  const set = (name: keyof Filters) => (value: string) =>
    change((now) => withFilter(now, name, value === ANY ? '' : value), { replace: true });
  const actions = ACTIONS.includes(filters.action) || !filters.action ? ACTIONS : [filters.action, ...ACTIONS];
  return (
    <div className="facet-row" role="group" aria-label="Filters">
      <Choice
        compact
        label="Action"
        value={filters.action || ANY}
        onChange={set('action')}
        options={[{ id: ANY, text: 'Every action' }, ...actions.map((id) => ({ id, text: id }))]}
      />
      <Choice
        compact
        label="Actor"
        value={filters.actor || ANY}
        onChange={set('actor')}
        options={[{ id: ANY, text: 'Everybody' }, ...actors]}
      />
      <Choice
        compact
        label="Environment"
        value={filters.env || ANY}
        onChange={set('env')}
        options={[{ id: ANY, text: 'Every environment' }, ...environments.map(({ name }) => ({ id: name, text: name }))]}
      />
      <Choice
        compact
        label="Outcome"
        value={filters.outcome || ANY}
        onChange={set('outcome')}
        options={[
          { id: ANY, text: 'Every outcome' },
          { id: 'succeeded', text: 'Succeeded' },
          { id: 'refused', text: 'Refused' },
        ]}
      />
      <label className="date">
        From
        <input type="date" value={filters.from} onChange={(event) => set('from')(event.target.value)} />
      </label>
      <label className="date">
        To
        <input type="date" value={filters.to} onChange={(event) => set('to')(event.target.value)} />
      </label>
      {isFiltered && (
        <Button variant="quiet" onPress={() => change(withoutFilters, { replace: true })}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

function Row({ entry }: { entry: Entry }) {
  const [isOpen, open] = useState(false);
  const isRefused = entry.outcome === 'REFUSED';
  const details = `audit-${entry.seq}`;
  return (
    <>
      <tr>
        <td className="muted">
          <Time at={entry.occurredAt} />
        </td>
        <td>
          <Actor actor={entry.actor} />
        </td>
        <th scope="row" className="mono audit-action">
          {entry.action}
        </th>
        <td>{entry.environment?.name ?? <span className="subtle">—</span>}</td>
        <td>
          <LiveChip progress={isRefused ? 'failed' : 'done'}>{isRefused ? 'Refused' : 'Succeeded'}</LiveChip>
        </td>
        <td className="row-acts">
          <AriaButton
            className="button audit-toggle"
            data-variant="quiet"
            data-size="small"
            data-icon-only
            aria-label={`Details of entry ${entry.seq}`}
            aria-expanded={isOpen}
            aria-controls={details}
            onPress={() => open(!isOpen)}
          >
            <ChevronRight size={14} aria-hidden />
          </AriaButton>
        </td>
      </tr>
      {isOpen && (
        <tr id={details} className="audit-details">
          <td colSpan={6}>
            <dl className="facts">
              <dt>Entry</dt>
              <dd>
                {entry.seq}
                {entry.subjectKind && <span className="subtle">about {entry.subjectKind}</span>}
              </dd>
              <Json name="Before" value={entry.before} />
              <Json name="After" value={entry.after} />
              <Json name="Facts" value={entry.facts} />
              {entry.requestId && (
                <>
                  <dt>Request</dt>
                  <dd className="mono">{entry.requestId}</dd>
                </>
              )}
              <dt>Hash</dt>
              <dd className="mono audit-hash">{entry.hash}</dd>
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}

function Json({ name, value }: { name: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && Object.keys(value).length === 0) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <pre className="audit-json">{JSON.stringify(value, null, 2)}</pre>
      </dd>
    </>
  );
}
