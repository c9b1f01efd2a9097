/**
 * A read, and a stream that goes on from it, for as long as somebody looks.
 *
 *     read ──▶ open, `after` the read ──lost──▶ wait ──▶ open, `after` the latest cursor
 *      ▲               │ resync                    │ token refused: wait for a new one
 *      └───────────────┘                           └──▶ open
 *
 * Nothing here hangs on time but the pause after a loss.
 */
import { backoffAfter, pause } from '../../client/connection/backoff.ts';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { isTemporary } from '../../client/connection/temporary.ts';
import { ConnectionError, messageOf } from '../../client/errors.ts';
import { connectionNow, isRefusedToken } from '../api/connection.ts';
import { lapse, signedIn } from '../session/session.ts';
import { setStreamState } from './status.ts';

/** Returned by {@link Follow.take}: what was missed is not in the log any more. */
export const RESYNC = Symbol('resync');

export interface Follow<TData, TVariables> {
  document: TypedDocument<TData, TVariables>;
  /** The variables of a subscription that goes on `after` a cursor; undefined where none is known. */
  variables(after: string | undefined): TVariables;
  /** Reads what the stream continues, and returns its cursor. Left out: the stream begins with a snapshot. */
  read?(signal: AbortSignal): Promise<string | undefined>;
  /** One event. Returns the cursor to go on from, or RESYNC. */
  take(data: TData): string | typeof RESYNC | undefined;
  /** What goes wrong for good; the stream has ended. */
  fail?(error: unknown): void;
}

/** A connection that lived this long was a good one: the next wait is a short one again. */
const GOOD_AFTER_MS = 5_000;
/** A subscription is not acknowledged; when it has not been refused by then it stands. */
const STANDS_AFTER_MS = 1_000;

export interface Following {
  end(): void;
  /** Reads again, and goes on from there. */
  again(): void;
}

/** Starts at once. */
export function follow<TData, TVariables>(options: Follow<TData, TVariables>): Following {
  const gone = new AbortController();
  let restart: () => void = () => {};
  run(options, gone.signal)
    .catch((error) => {
      if (!gone.signal.aborted) options.fail?.(error);
    })
    .finally(() => setStreamState(gone, undefined));
  setStreamState(gone, { is: 'opening' });
  return {
    end() {
      gone.abort();
      setStreamState(gone, undefined);
    },
    again: () => restart(),
  };

  async function run({ read }: Follow<TData, TVariables>, signal: AbortSignal): Promise<void> {
    let cursor: string | undefined;
    let failures = 0;
    let hasRead = read === undefined;
    while (!signal.aborted) {
      const openedAt = Date.now();
      setStreamState(gone, { is: 'opening' });
      try {
        if (!hasRead) cursor = await read?.(signal);
        hasRead = true;
        if (signal.aborted) return;
        const again = await receive(options, cursor, signal, (next) => {
          cursor = next;
        });
        if (signal.aborted) return;
        if (again !== RESYNC) throw new ConnectionError('The server has ended the stream.');
        hasRead = read === undefined;
        cursor = undefined;
      } catch (error) {
        if (signal.aborted) return;
        if (isRefusedToken(error)) {
          lapse(messageOf(error));
          setStreamState(gone, { is: 'opening' });
          await signedIn(signal);
          continue;
        }
        if (!isTemporary(error)) throw error;
        if (Date.now() - openedAt > GOOD_AFTER_MS) failures = 0;
        const ms = backoffAfter(error, failures++);
        setStreamState(gone, { is: 'waiting', until: Date.now() + ms, why: messageOf(error) });
        await pause(ms, signal);
      }
    }
  }

  /** One subscription, to its end. */
  function receive(
    { document, variables, take }: Follow<TData, TVariables>,
    after: string | undefined,
    signal: AbortSignal,
    moveTo: (cursor: string) => void,
  ): Promise<typeof RESYNC | undefined> {
    return new Promise((resolve, reject) => {
      const stands = setTimeout(live, STANDS_AFTER_MS);
      function live() {
        clearTimeout(stands);
        if (!signal.aborted) setStreamState(gone, { is: 'live' });
      }
      function settle(act: () => void) {
        clearTimeout(stands);
        signal.removeEventListener('abort', stop);
        act();
      }
      const end = connectionNow().subscribe(document, variables(after), {
        next(data) {
          live();
          const next = take(data);
          if (next === RESYNC) restart();
          else if (next !== undefined) moveTo(next);
        },
        error: (error) => settle(() => reject(error)),
        complete: () => settle(() => resolve(undefined)),
      });
      function stop() {
        end();
        settle(() => resolve(undefined));
      }
      restart = () => {
        end();
        settle(() => resolve(RESYNC));
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
