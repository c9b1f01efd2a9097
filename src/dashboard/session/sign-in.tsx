import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Check, Field, Form, Input } from '../design/field.tsx';
import { Mark } from '../design/mark.tsx';
import { Banner } from '../design/note.tsx';
import { serverNow } from '../live/clock.ts';
import { useSession } from './session.ts';
import styles from './sign-in.module.css';
import { signIn } from './sign-in-actions.ts';

export function SignInPage() {
  const session = useSession();
  const message = session.state === 'signed out' ? session.message : undefined;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark size={40} />
          <h1>Signalbox</h1>
        </div>
        {message !== undefined && <Banner kind="danger">{message}</Banner>}
        <TokenForm action="Sign in" />
        <p className={styles.help}>
          The server prints a link with an admin token when it starts, unless{' '}
          <code>SIGNALBOX_ADMIN_TOKEN</code> is set. An administrator makes API keys under <em>Keys</em>.
        </p>
      </div>
    </main>
  );
}

/** One field that takes any token: of an administrator, an API key or a JSON Web Token. */
export function TokenForm({ action }: { action: string }) {
  const [token, setToken] = useState('');
  const [stay, setStay] = useState(false);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function submit() {
    const given = token.trim().replace(/^Bearer\s+/i, '');
    if (given === '') return setError('Put your token here.');
    setBusy(true);
    setError(undefined);
    const refused = await signIn(given, stay);
    setBusy(false);
    setError(refused);
  }
  return (
    <Form onSubmit={() => void submit()}>
      <Field label="Token" hint={kindOf(token)} error={error}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            autoFocus
            value={token}
            placeholder="Admin token, API key or JWT"
            onChange={(event) => {
              setToken(event.target.value);
              setError(undefined);
            }}
          />
        )}
      </Field>
      <Check
        label="Stay signed in on this device"
        checked={stay}
        onChange={(event) => setStay(event.target.checked)}
      />
      <Button kind="primary" type="submit" disabled={busy}>
        {busy ? 'Asking the server…' : action}
      </Button>
    </Form>
  );
}

function kindOf(token: string): string {
  const text = token.trim();
  if (text === '') return 'It stays in this tab, and goes nowhere but to this server.';
  if (text.startsWith('sb_')) return 'This looks like an API key.';
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return `This looks like a JSON Web Token${expiryOf(text)}.`;
  return 'This looks like an admin token.';
}

/** When a JSON Web Token says that it expires; the server decides. */
function expiryOf(jwt: string): string {
  try {
    const part = (jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(part)) as { exp?: number };
    if (exp === undefined) return '';
    const minutes = Math.round((exp * 1000 - serverNow()) / 60_000);
    return minutes < 0 ? ' that has expired' : `; it expires in ${minutes} min`;
  } catch {
    return '';
  }
}
