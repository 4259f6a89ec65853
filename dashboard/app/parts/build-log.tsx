/** A build's log as it is written. */
import { ArrowDown, Copy, Download } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Input, SearchField, Switch } from 'react-aria-components';
import { useLocation } from 'react-router';
import { useClient } from 'urql';
import { onEnd, pipe, subscribe } from 'wonka';
import { connection } from '../client/connection';
import { parse } from '../client/documents';
import { graphql } from '../gql';
import { Button } from '../kit/button';
import { copy } from '../kit/identity';
import { onSingleKey } from '../shell/single-keys';
import type { Deployment } from './deployment';
import { type LogLine, piecesOf, plain, withChunk } from './log-lines';

const Log = graphql(`
  subscription BuildLog($deploymentId: ID!, $after: String) {
    buildLog(deploymentId: $deploymentId, after: $after) {
      cursor
      lines {
        number
        at
        text
      }
    }
  }
`);
/** Lines drawn together; the browser skips what is not in sight. */
const TOGETHER = 100;
const LINE_HEIGHT = 19;

type FollowedLog = { lines: readonly LogLine[]; isWhole: boolean; resumedAt: ReadonlySet<number> };

/** `resumedAt` are the first lines that came after a lost socket. */
function useBuildLog(deploymentId: string): FollowedLog {
  const client = useClient();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [isWhole, setWhole] = useState(false);
  const [resumedAt, setResumed] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    let last = 0;
    let restoredAt = connection.read().restoredAt;
    setLines([]);
    setWhole(false);
    setResumed(new Set());
    const { unsubscribe } = pipe(
      client.subscription(parse(Log), { deploymentId, after: null }),
      onEnd(() => setWhole(true)),
      subscribe(({ data }) => {
        if (!data) return;
        const fresh = data.buildLog.lines.find(({ number }) => number > last);
        const { restoredAt: restored } = connection.read();
        if (fresh && last > 0 && restored !== restoredAt) setResumed((now) => new Set([...now, fresh.number]));
        if (fresh) restoredAt = restored;
        last = Math.max(last, data.buildLog.lines.at(-1)?.number ?? 0);
        setLines((now) => withChunk(now, data.buildLog.lines));
      }),
    );
    return unsubscribe;
  }, [client, deploymentId]);
  return { lines, isWhole, resumedAt };
}

export function BuildLog({ deployment, isCompact = false }: { deployment: Deployment; isCompact?: boolean }) {
  const { lines, isWhole, resumedAt } = useBuildLog(deployment.id);
  const [follows, setFollows] = useState(true);
  const [wraps, setWraps] = useState(false);
  const [sought, setSought] = useState('');
  const panel = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const linked = Number(/^#L(\d+)$/.exec(useLocation().hash)?.[1] ?? 0);
  const found = useMemo(() => numbersOf(lines, sought), [lines, sought]);
  const [place, moveTo] = useState(0);
  const isThere = linked > 0 && lines.length >= linked;
  const isRunning = deployment.status === 'IN_PROGRESS';

  useEffect(() => {
    const element = box.current;
    if (element && follows && !linked) element.scrollTop = element.scrollHeight;
  }, [lines, follows, linked]);
  useEffect(() => {
    if (isThere) document.getElementById(`L${linked}`)?.scrollIntoView({ block: 'center' });
  }, [linked, isThere]);

  useLogKeys(!isCompact, {
    f: () => setFollows((now) => !now),
    '/': () => panel.current?.querySelector('input')?.focus(),
    g: () => showEnd('top'),
    G: () => showEnd('bottom'),
  });

  function showEnd(end: 'top' | 'bottom') {
    const element = box.current;
    if (!element) return;
    setFollows(end === 'bottom');
    element.scrollTop = end === 'top' ? 0 : element.scrollHeight;
    element.focus();
  }

  function showFound(next: number) {
    const at = (next + found.length) % found.length;
    moveTo(at);
    setFollows(false);
    document.getElementById(`L${found[at]}`)?.scrollIntoView({ block: 'center' });
  }

  if (isCompact && lines.length === 0) return null;
  return (
    <section ref={panel} className="log-panel" data-compact={isCompact || undefined}>
      <div className="log-bar">
        <h3>Build log</h3>
        <span className="subtle numeric">{lines.length > 0 && `${lines.length} lines`}</span>
        {!isCompact && (
          <div className="log-tools">
            <SearchField
              aria-label="Find in log"
              className="field log-find"
              value={sought}
              onChange={(text) => {
                setSought(text);
                moveTo(-1);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && found.length > 0) showFound(event.shiftKey ? place - 1 : place + 1);
              }}
            >
              <Input placeholder="Find in log" />
            </SearchField>
            {sought && (
              <span className="subtle numeric" role="status" aria-label="Found">
                {place >= 0 && found.length > 0 ? `${place + 1} of ${found.length}` : `${found.length} found`}
              </span>
            )}
            <Toggle isOn={follows} onChange={setFollows}>
              Follow
            </Toggle>
            <Toggle isOn={wraps} onChange={setWraps}>
              Wrap
            </Toggle>
            <Button size="small" variant="quiet" onPress={() => void copy(textOf(lines), 'Copied the log.')}>
              <Copy size={13} aria-hidden />
              Copy
            </Button>
            <DownloadLink lines={lines} name={`build-${deployment.commit.shortSha}.log`} />
          </div>
        )}
      </div>
      <div
        ref={box}
        className="log"
        role="log"
        aria-label="Build log"
        aria-live="off"
        tabIndex={0}
        data-wraps={wraps || undefined}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          const atEnd = scrollHeight - scrollTop - clientHeight < 24;
          if (atEnd !== follows && isRunning) setFollows(atEnd);
        }}
      >
        {lines.length === 0 && (
          <p className="log-empty subtle">{isWhole ? 'Nothing was written.' : isRunning ? 'Waiting for the first line…' : 'Reading…'}</p>
        )}
        {chunksOf(lines).map((chunk) => (
          <div
            key={chunk[0]!.number}
            className="log-chunk"
            style={{ containIntrinsicSize: `auto ${chunk.length * LINE_HEIGHT}px` }}
          >
            {chunk.map((line) => (
              <Line
                key={line.number}
                line={line}
                isLinked={line.number === linked}
                isShown={line.number === found[place]}
                isResumed={resumedAt.has(line.number)}
                sought={sought}
              />
            ))}
          </div>
        ))}
      </div>
      {!follows && isRunning && (
        <Button size="small" onPress={() => setFollows(true)}>
          <ArrowDown size={13} aria-hidden />
          Jump to latest
        </Button>
      )}
    </section>
  );
}

function Line({
  line,
  isLinked,
  isShown,
  isResumed,
  sought,
}: {
  line: LogLine;
  isLinked: boolean;
  isShown: boolean;
  isResumed: boolean;
  sought: string;
}) {
  const isFound = sought !== '' && plain(line.text).toLowerCase().includes(sought.toLowerCase());
  return (
    <div
      id={`L${line.number}`}
      className="log-line"
      data-linked={isLinked || undefined}
      data-found={isFound || undefined}
      data-shown={isShown || undefined}
      data-resumed={isResumed || undefined}
    >
      <a href={`#L${line.number}`} className="log-number" aria-label={`Line ${line.number}`}>
        {line.number}
      </a>
      <span className="log-text">
        {piecesOf(line.text).map(({ text, tone }, index) => (
          <span key={index} data-ansi={tone ?? undefined}>
            {text}
          </span>
        ))}
      </span>
    </div>
  );
}

function Toggle({ isOn, onChange, children }: { isOn: boolean; onChange: (on: boolean) => void; children: ReactNode }) {
  return (
    <Switch className="switch" isSelected={isOn} onChange={onChange}>
      <span className="switch-track" aria-hidden />
      {children}
    </Switch>
  );
}

function DownloadLink({ lines, name }: { lines: readonly LogLine[]; name: string }) {
  const address = useMemo(() => `data:text/plain;charset=utf-8,${encodeURIComponent(textOf(lines))}`, [lines]);
  return (
    <a className="button" data-variant="quiet" data-size="small" href={address} download={name}>
      <Download size={13} aria-hidden />
      Download
    </a>
  );
}

function numbersOf(lines: readonly LogLine[], sought: string): number[] {
  const words = sought.toLowerCase();
  return words ? lines.filter(({ text }) => plain(text).toLowerCase().includes(words)).map(({ number }) => number) : [];
}

/** Keys of the page's log, off where the page's other single keys are. */
function useLogKeys(isOn: boolean, acts: Record<string, () => void>): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    if (!isOn) return;
    return onSingleKey((key) => {
      latest.current[key]?.();
      return key in latest.current;
    });
  }, [isOn]);
}

function textOf(lines: readonly LogLine[]): string {
  return lines.map(({ text }) => plain(text)).join('\n') + '\n';
}

function chunksOf(lines: readonly LogLine[]): (readonly LogLine[])[] {
  const chunks = [];
  for (let from = 0; from < lines.length; from += TOGETHER) chunks.push(lines.slice(from, from + TOGETHER));
  return chunks;
}
