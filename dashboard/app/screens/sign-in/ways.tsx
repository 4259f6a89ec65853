/** How one signs in here: at the provider, or with a link that the server prints. */
import { Note } from '../../kit/states';
import type { Session } from './session';

export function SignInWays({ session, back, inNewTab = false }: { session: Session | null; back: string; inNewTab?: boolean }) {
  if (!session) return <Note tone="danger">The server did not answer. It is asked again by itself.</Note>;
  const provider = session.sign_in_url;
  return (
    <>
      {provider && (
        <a
          className="button"
          data-variant="primary"
          href={`${provider}?next=${encodeURIComponent(back)}`}
          {...(inNewTab && { target: '_blank', rel: 'noreferrer' })}
        >
          Sign in with your organization
        </a>
      )}
      <div className="sign-in-link">
        <p className="muted">
          {provider ? 'Or open' : 'Open'} the one-time link that the server prints where it is started. For another one,
          run this beside it:
        </p>
        <pre className="sign-in-command">
          <code>pinmark sign-in-link</code>
        </pre>
      </div>
    </>
  );
}
