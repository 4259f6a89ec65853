/** The time, for what counts it; it stands still while the line is lost, as nothing is known then. */
import { useEffect, useState } from 'react';
import { useConnection } from '../client/connection';

export function useFrozenNow(running: boolean): number {
  const { state, lostAt } = useConnection();
  const [now, setNow] = useState(Date.now);
  const counts = running && state !== 'lost';
  useEffect(() => {
    if (!counts) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [counts]);
  return state === 'lost' && lostAt !== null ? Math.min(now, lostAt) : now;
}
