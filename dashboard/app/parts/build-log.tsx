/** A build's log as it is written. */
import { ArrowDown, Copy, Download } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { Input, SearchField, Switch } from 'react-aria-components';
import { useLocation } from 'react-router';
import { useClient } from 'urql';
import { onEnd, pipe, subscribe } from 'wonka';
import { parse } from '../client/documents';
import { graphql } from '../gql';
import { Button } from '../kit/button';
import { copy } from '../kit/identity';
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

function useBuildLog(deploymentId: string): { lines: readonly LogLine[]; isWhole: boolean } {
  const client = useClient();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [isWhole, setWhole] = useState(false);
  useEffect(() => {
    setLines([]);
    setWhole(false);
    const { unsubscribe } = pipe(
      client.subscription(parse(Log), { deploymentId, after: null }),
      onEnd(() => setWhole(true)),
      subscribe(({ data }) => {
        if (data) setLines((now) => withChunk(now, data.buildLog.lines));
      }),
    );
    return unsubscribe;
  }, [client, deploymentId]);
  return { lines, isWhole };
}

export function BuildLog({ deployment, isCompact = false }: { deployment: Deployment; isCompact?: boolean }) {
  const { lines, isWhole } = useBuildLog(deployment.id);
  const [follows, setFollows] = useState(true);
  const [wraps, setWraps] = useState(false);
  const [sought, setSought] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const linked = Number(/^#L(\d+)$/.exec(useLocation().hash)?.[1] ?? 0);
  const found = useMemo(
    () => (sought ? lines.filter(({ text }) => plain(text).toLowerCase().includes(sought.toLowerCase())).length : 0),
    [lines, sought],
  );
  const isThere = linked > 0 && lines.length >= linked;
  const isRunning = deployment.status === 'IN_PROGRESS';

  useEffect(() => {
    const element = box.current;
    if (element && follows && !linked) element.scrollTop = element.scrollHeight;
  }, [lines, follows, linked]);
  useEffect(() => {
    if (isThere) document.getElementById(`L${linked}`)?.scrollIntoView({ block: 'center' });
  }, [linked, isThere]);

  if (isCompact && lines.length === 0) return null;
  return (
    <section className="log-panel" data-compact={isCompact || undefined}>
      <div className="log-bar">
        <h3>Build log</h3>
        <span className="subtle numeric">{lines.length > 0 && `${lines.length} lines`}</span>
        {!isCompact && (
          <div className="log-tools">
            <SearchField aria-label="Find in log" className="field log-find" value={sought} onChange={setSought}>
              <Input placeholder="Find in log" />
            </SearchField>
            {sought && <span className="subtle numeric">{found} found</span>}
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
              <Line key={line.number} line={line} isLinked={line.number === linked} sought={sought} />
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

function Line({ line, isLinked, sought }: { line: LogLine; isLinked: boolean; sought: string }) {
  const isFound = sought !== '' && plain(line.text).toLowerCase().includes(sought.toLowerCase());
  return (
    <div id={`L${line.number}`} className="log-line" data-linked={isLinked || undefined} data-found={isFound || undefined}>
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

function textOf(lines: readonly LogLine[]): string {
  return lines.map(({ text }) => plain(text)).join('\n') + '\n';
}

function chunksOf(lines: readonly LogLine[]): (readonly LogLine[])[] {
  const chunks = [];
  for (let from = 0; from < lines.length; from += TOGETHER) chunks.push(lines.slice(from, from + TOGETHER));
  return chunks;
}
