/** How one signs in here: at the provider, or with a link that the server prints. */
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';

export function SignInWays() {
  const { pathname, search } = useLocation();
  const [provider, setProvider] = useState<string | null>(null);
  useEffect(() => {
    fetch('/auth/session', { headers: { accept: 'application/json' } })
      .then((answer) => answer.json())
      .then((answer: { data: { sign_in_url: string | null } }) => setProvider(answer.data.sign_in_url))
      .catch(() => setProvider(null));
  }, []);
  const back = pathname === '/login' ? '/' : pathname + search;
  return (
    <>
      {provider && (
        <a className="button" data-variant="primary" href={`${provider}?next=${encodeURIComponent(back)}`}>
          Sign in
        </a>
      )}
      <p className="muted">
        {provider ? 'Or open' : 'Open'} the one-time link that the server prints where it is started. Another one is
        made by <code>pinmark sign-in-link</code>.
      </p>
    </>
  );
}
