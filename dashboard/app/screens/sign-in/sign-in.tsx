/** `/login`: how one gets in, or who is in already. */
import { useSearchParams } from 'react-router';
import { ButtonLink } from '../../kit/button';
import { PageHeading } from '../../kit/page';
import { Skeletons } from '../../kit/states';
import { Brand } from '../../shell/brand';
import { useSession } from './use-session';
import { SignInWays } from './ways';
import './sign-in.css';

export function Component() {
  const { session, isKnown } = useSession();
  const [search] = useSearchParams();
  const back = ownPath(search.get('next'));
  return (
    <main id="content" className="sign-in">
      <div className="card sign-in-card">
        <div className="sign-in-brand">
          <Brand />
          <span aria-hidden>Pinmark</span>
        </div>
        <PageHeading title="Sign in" />
        {!isKnown ? (
          <Skeletons count={3} height="line" />
        ) : session?.viewer ? (
          <>
            <p className="muted">
              You are signed in as <strong>{session.viewer.name}</strong>.
            </p>
            <ButtonLink variant="primary" to={back}>
              Continue
            </ButtonLink>
          </>
        ) : (
          <SignInWays session={session} back={back} />
        )}
      </div>
    </main>
  );
}

/** A path of this server and of no other. */
function ownPath(given: string | null): string {
  return given && /^\/(?![/\\])/.test(given) ? given : '/';
}
