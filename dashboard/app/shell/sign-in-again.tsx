/** The session has ended; the page stays as it is under this, until somebody is signed in again. */
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { connection } from '../client/connection';
import { reconnect } from '../client/socket';
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { Skeletons } from '../kit/states';
import { useSession } from '../screens/sign-in/use-session';
import { SignInWays } from '../screens/sign-in/ways';
import '../screens/sign-in/sign-in.css';

export default function SignInAgain() {
  const { pathname, search } = useLocation();
  const { session, isKnown } = useSession();
  const isBack = Boolean(session?.viewer);

  useEffect(() => {
    if (!isBack) return;
    connection.signedIn();
    reconnect();
  }, [isBack]);

  return (
    <Dialog
      title="Sign in again"
      role="alertdialog"
      onClose={() => undefined}
      footNote="This page goes on by itself once you have."
      foot={<Button onPress={() => location.reload()}>I have signed in</Button>}
    >
      {isKnown ? <SignInWays session={session} back={pathname + search} inNewTab /> : <Skeletons count={3} height="line" />}
    </Dialog>
  );
}
