import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useSession } from './session.ts';
import { TokenForm } from './sign-in.tsx';
import { signOut } from './sign-in-actions.ts';

/** The token has expired or was revoked: the page below stays as it is until there is another one. */
export function LapsedDialog() {
  const session = useSession();
  const message = session.state === 'lapsed' ? session.message : '';
  return (
    <Dialog title="Sign in again">
      <p>{message} This page stays as it is, and goes on from here.</p>
      <TokenForm action="Go on" />
      <Button kind="quiet" onClick={signOut}>
        Sign out instead
      </Button>
    </Dialog>
  );
}
