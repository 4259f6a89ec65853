/** The session, asked for again until somebody is signed in, in this tab or in another. */
import { useEffect, useState } from 'react';
import { askSession, type Session } from './session';

const AGAIN = 3_000;

export function useSession(): { session: Session | null; isKnown: boolean } {
  const [known, setKnown] = useState<{ session: Session | null } | null>(null);
  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function look() {
      const session = document.visibilityState === 'visible' ? await askSession() : undefined;
      if (isLeft) return;
      if (session !== undefined) setKnown({ session });
      if (!session?.viewer) timer = setTimeout(() => void look(), AGAIN);
    }
    void look();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, []);
  return { session: known?.session ?? null, isKnown: known !== null };
}
