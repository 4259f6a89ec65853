import { Brand } from '../../shell/brand';
import { PageHeading } from '../../kit/page';
import { SignInWays } from './ways';

/** `/login`. */
export function Component() {
  return (
    <main id="content" className="sign-in">
      <div className="card sign-in-card">
        <Brand />
        <PageHeading title="Sign in" />
        <SignInWays />
      </div>
    </main>
  );
}
