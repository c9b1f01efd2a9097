/** What a page says instead of, or above, its content: empty, failed, loading, careful. */
import type { ReactNode } from 'react';
import { RequestError } from '../../client/errors.ts';
import { ProblemError } from '../../client/problems.ts';
import { Button } from './button.tsx';
import { Copy } from './copy.tsx';
import styles from './note.module.css';

/** Nothing is there: the cause and the next step. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <EmptyTrack />
      <p className={styles.emptyTitle}>{title}</p>
      {children !== undefined && <div className={styles.emptyText}>{children}</div>}
    </div>
  );
}

/** A stretch of the panel with nothing on it. */
function EmptyTrack() {
  return (
    <svg width="120" height="32" viewBox="0 0 120 32" fill="none" aria-hidden="true" className={styles.track}>
      <path d="M0 22h120" stroke="currentColor" strokeWidth="3" />
      <path d="M34 22 48 9h40" stroke="currentColor" strokeWidth="3" opacity=".5" />
      <circle cx="96" cy="22" r="6" className={styles.lamp} />
    </svg>
  );
}

/** A thin line above content that is older than it should be, or that needs a word. */
export function Banner({
  kind = 'caution',
  children,
}: {
  kind?: 'caution' | 'danger' | 'good';
  children: ReactNode;
}) {
  return (
    <div className={`${styles.banner} ${styles[kind]}`}>
      <div>{children}</div>
    </div>
  );
}

/** An error: a refusal with its issues and its page, or something unexpected with the id to quote. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  return (
    <div className={styles.error} role="alert">
      <ErrorText error={error} />
      {retry && (
        <Button onClick={retry} className={styles.again}>
          Try again
        </Button>
      )}
    </div>
  );
}

function ErrorText({ error }: { error: unknown }) {
  if (error instanceof ProblemError) {
    return (
      <>
        <p>
          <strong>{error.title}</strong> {error.detail}{' '}
          <a href={error.type} target="_blank" rel="noreferrer">
            What this means
          </a>
        </p>
        {error.issues.length > 0 && (
          <ul className={styles.issues}>
            {error.issues.map(({ path, message }) => (
              <li key={`${path.join('/')} ${message}`}>
                <code>/{path.join('/')}</code> {message}
              </li>
            ))}
          </ul>
        )}
      </>
    );
  }
  const requestId = requestIdOf(error);
  return (
    <p>
      <strong>That did not work.</strong> {error instanceof Error ? error.message : String(error)}
      {requestId !== undefined && (
        <>
          {' '}
          Request <code>{requestId}</code> <Copy text={requestId} what="request id" />
        </>
      )}
    </p>
  );
}

function requestIdOf(error: unknown): string | undefined {
  const id = error instanceof RequestError ? error.errors[0]?.extensions?.requestId : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Where something is being read. Shown only after a moment: most reads are over by then. */
export function Loading({ what }: { what: string }) {
  return (
    <p className={styles.loading} role="status">
      Reading {what}…
    </p>
  );
}
