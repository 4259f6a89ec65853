/** The session has ended; the page stays as it is under this. */
import { Button } from '../kit/button';
import { Dialog } from '../kit/dialog';
import { SignInWays } from '../screens/sign-in/ways';

export default function SignInAgain() {
  return (
    <Dialog
      title="Sign in again"
      role="alertdialog"
      onClose={() => undefined}
      foot={
        <Button onPress={() => location.reload()}>I have signed in</Button>
      }
    >
      <SignInWays />
    </Dialog>
  );
}
