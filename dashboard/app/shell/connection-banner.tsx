/** One sentence about the line to the server, within a second of its loss. */
import { CloudOff, RefreshCw, Sparkles, Wifi } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConnection } from '../client/connection';
import { reconnect } from '../client/socket';
import { Button } from '../kit/button';

const BEFORE_SAID = 1_000;
const BEFORE_OFFERED = 10_000;
const BACK_SHOWN = 3_000;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

export function ConnectionBanner() {
  const { state, lostAt, restoredAt, outdated } = useConnection();
  const now = useNow(state === 'lost' || (restoredAt !== null && Date.now() - restoredAt < BACK_SHOWN + 500));
  const lostFor = lostAt === null ? 0 : now - lostAt;

  return (
    <div className="banner-slot" role="status" aria-label="Connection">
      {outdated ? (
        <div className="banner" data-tone="info">
          <Sparkles size={14} aria-hidden />A new version is available.
          <Button size="small" onPress={() => location.reload()}>
            Reload
          </Button>
        </div>
      ) : lostAt !== null && lostFor >= BEFORE_SAID ? (
        <div className="banner" data-tone="warning">
          <CloudOff size={14} aria-hidden />
          {navigator.onLine
            ? 'Connection lost. Reconnecting…'
            : `You’re offline. Showing data from ${clock.format(lostAt)}.`}
          {lostFor >= BEFORE_OFFERED && (
            <Button size="small" onPress={reconnect}>
              <RefreshCw size={12} aria-hidden />
              Reconnect now
            </Button>
          )}
        </div>
      ) : restoredAt !== null && now - restoredAt < BACK_SHOWN ? (
        <div className="banner" data-tone="success">
          <Wifi size={14} aria-hidden />
          Back online.
        </div>
      ) : null}
    </div>
  );
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
