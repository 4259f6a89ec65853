/** A row for each version with a bar for each time it was served, and a mark for each failed attempt. */
import { Link } from 'react-router';
import { absolute } from '../../kit/time';
import { useApp } from '../../shell/app-data';
import { useEnvironment } from '../../shell/environment-layout';
import type { Failure, Interval } from './timeline';
import { ticksOf } from './when';
import { appPage } from '../../shell/address';

const ROW = 30;
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

type Range = { from: Date; to: Date; isUntilNow: boolean };

export function Bars({
  range: asked,
  intervals,
  failures,
}: {
  range: Range;
  intervals: readonly Interval[];
  failures: readonly Failure[];
}) {
  const { app } = useApp();
  const environment = useEnvironment();
  const range = fromFirst(asked, intervals, failures);
  const at = (time: number) => {
    const share = (time - range.from.getTime()) / (range.to.getTime() - range.from.getTime());
    return Math.min(1, Math.max(0, share)) * 100;
  };
  const rows = byVersion(intervals);
  const ticks = ticksOf(range).filter((tick) => at(+tick) < 96);
  const height = (rows.length + (failures.length > 0 ? 1 : 0)) * ROW;
  const page = (id: string) => `${appPage(app.name)}/e/${environment.name}/deployments/${id}`;
  return (
    <figure className="bars card" aria-label="Bars by version">
      <div className="bars-rows">
        <div className="bars-names" aria-hidden>
          {rows.map(([name]) => (
            <span key={name} className="mono">
              {name}
            </span>
          ))}
          {failures.length > 0 && <span className="subtle">Failed</span>}
        </div>
        <svg className="bars-plot" height={height} role="group" aria-label="When each version was served">
          {ticks.map((tick) => (
            <line key={+tick} className="bars-tick" x1={`${at(+tick)}%`} x2={`${at(+tick)}%`} y1="0" y2="100%" />
          ))}
          {rows.map(([name, served], row) =>
            served.map(({ from, to, deployment }) => {
              const start = at(Date.parse(from));
              const end = to ? at(Date.parse(to)) : at(range.to.getTime());
              const words = `${name} from ${absolute(from)} to ${to ? absolute(to) : 'now'}`;
              return (
                <Link key={from} to={page(deployment.id)} aria-label={words}>
                  <rect
                    className="bar"
                    data-current={!to || undefined}
                    data-kind={deployment.kind}
                    x={`${start}%`}
                    width={`${Math.max(end - start, 0.4)}%`}
                    y={row * ROW + 7}
                    height={ROW - 14}
                    rx="4"
                  >
                    <title>{words}</title>
                  </rect>
                </Link>
              );
            }),
          )}
          {failures.map((failure) => {
            const words = `Failed attempt at ${absolute(failure.createdAt)}: ${failure.commit.shortSha}`;
            return (
              <Link key={failure.id} to={page(failure.id)} aria-label={words}>
                <svg x={`${at(Date.parse(failure.createdAt))}%`} y={rows.length * ROW + ROW / 2} overflow="visible">
                  <circle r="11" fill="transparent" />
                  <path className="bar-failure" d="M-4 -4 L4 4 M4 -4 L-4 4">
                    <title>{words}</title>
                  </path>
                </svg>
              </Link>
            );
          })}
        </svg>
      </div>
      <div className="bars-axis subtle" aria-hidden>
        {ticks.map((tick) => (
          <span key={+tick} style={{ left: `${at(+tick)}%` }}>
            {tick.getHours() === 0 && tick.getMinutes() === 0 ? day.format(tick) : hour.format(tick)}
          </span>
        ))}
      </div>
      <Legend kinds={intervals.map(({ deployment }) => deployment.kind)} hasFailures={failures.length > 0} />
    </figure>
  );
}

/** What the colours say, which each bar's own words say as well. */
function Legend({ kinds, hasFailures }: { kinds: readonly string[]; hasFailures: boolean }) {
  return (
    <p className="bars-legend subtle" aria-hidden>
      <LegendBar text="Served now" isCurrent />
      <LegendBar text="Served then" />
      {kinds.includes('ROLLBACK') && <LegendBar text="By rollback" kind="ROLLBACK" />}
      {hasFailures && (
        <span>
          <svg width="10" height="10" viewBox="-5 -5 10 10">
            <path className="bar-failure" d="M-3 -3 L3 3 M3 -3 L-3 3" />
          </svg>
          Failed attempt
        </span>
      )}
    </p>
  );
}

function LegendBar({ text, kind, isCurrent }: { text: string; kind?: string; isCurrent?: boolean }) {
  return (
    <span>
      <svg width="14" height="8">
        <rect className="bar" width="14" height="8" rx="2" data-kind={kind} data-current={isCurrent} />
      </svg>
      {text}
    </span>
  );
}

function byVersion(intervals: readonly Interval[]): [string, Interval[]][] {
  const rows = new Map<string, Interval[]>();
  for (const interval of intervals) {
    const name = interval.version ? `v${interval.version}` : interval.commit.shortSha;
    rows.set(name, [...(rows.get(name) ?? []), interval]);
  }
  return [...rows].sort(([, [first]], [, [second]]) => (second?.version ?? 0) - (first?.version ?? 0));
}

/** Nothing is to be seen before the first bar, so the plot begins a little before it. */
function fromFirst(range: Range, intervals: readonly Interval[], failures: readonly Failure[]): Range {
  const starts = [...intervals.map(({ from }) => Date.parse(from)), ...failures.map(({ createdAt }) => Date.parse(createdAt))];
  const to = range.to.getTime();
  const first = Math.max(range.from.getTime(), Math.min(...starts));
  const from = first - (to - first) * 0.06;
  return { ...range, from: new Date(Math.max(range.from.getTime(), from)) };
}
