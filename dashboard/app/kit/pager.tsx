/** Under a list that is longer than a page. Which page it is, is in the address. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from './button';

type PageInfo = { hasNextPage: boolean; endCursor?: string | null | undefined };

export function usePage(): { after: string | null; go: (after: string | null) => void } {
  const [search, change] = useSearchParams();
  const go = useCallback(
    (after: string | null) => {
      change((now) => {
        const next = new URLSearchParams(now);
        if (after === null) next.delete('after');
        else next.set('after', after);
        return next;
      });
      window.scrollTo({ top: 0 });
    },
    [change],
  );
  return { after: search.get('after'), go };
}

export function Pager({ of, total, shown }: { of: PageInfo; total: number; shown: number }) {
  const { after, go } = usePage();
  if (after === null && !of.hasNextPage) return null;
  return (
    <nav className="pager" aria-label="Pages">
      {after !== null && <Button onPress={() => go(null)}>Newest</Button>}
      {of.hasNextPage && <Button onPress={() => go(of.endCursor ?? null)}>Older</Button>}
      <span className="subtle">
        {shown} of {total.toLocaleString('en')}
      </span>
    </nav>
  );
}
