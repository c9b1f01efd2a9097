/** Listening to what the server has to say at once: work is available, stop a task. */

import { backoffAfter, pause } from '../connection/backoff.ts';
import type { Connection } from '../connection/connection.ts';
import { isTemporary } from '../connection/temporary.ts';
import { messageOf, RequestError } from '../errors.ts';
import type { WorkerSignalsSubscription } from '../generated/graphql.ts';
import { WorkerSignals } from './documents.ts';
import type { WorkerSession } from './session.ts';

type Signal = WorkerSignalsSubscription['workerSignals'];

export interface SignalsOptions {
  connection: Connection;
  session: WorkerSession;
  closed: AbortSignal;
  onSignal(signal: Signal): void;
  /** The subscription is about to open, at first or again: signals may have been missed. */
  onOpen(): void;
  /** Nothing more can be heard: the token was refused, or the like. */
  onFatal(error: unknown): void;
}

export interface SignalListener {
  /** Subscribes anew, for the session's present id. */
  restart(): void;
}

/** Listens until `closed`, over reconnects. */
export function listenToSignals(options: SignalsOptions): SignalListener {
  const { connection, session, closed, onSignal, onOpen, onFatal } = options;
  let restart = () => {};

  /** One subscription; resolves with what ended it, or undefined where it just ended. */
  function listen(workerId: string, heard: () => void): Promise<unknown> {
    return new Promise((resolve) => {
      const stop = connection.subscribe(
        WorkerSignals,
        { workerId },
        {
          next(data) {
            heard();
            onSignal(data.workerSignals);
          },
          error: resolve,
          complete: () => resolve(undefined),
        },
      );
      restart = () => {
        stop();
        resolve(undefined);
      };
      closed.addEventListener('abort', restart, { once: true });
      onOpen();
    });
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!closed.aborted) {
      const { workerId } = session;
      const error = await listen(workerId, () => {
        failures = 0;
      });
      closed.removeEventListener('abort', restart);
      if (closed.aborted) return;
      if (isUnknownWorker(error)) await session.renew(workerId);
      else if (error !== undefined && isFinal(error)) throw error;
      if (workerId !== session.workerId) continue;
      // A worker that has stopped is unknown by now, and takes no new id.
      if (error !== undefined && !isUnknownWorker(error))
        connection.logger.warn(`The worker's signals were interrupted: ${messageOf(error)}`);
      await pause(backoffAfter(error, failures++), closed);
    }
  }

  run().catch((error) => {
    if (!closed.aborted) onFatal(error);
  });
  return { restart: () => restart() };
}

/** Said by the server itself, and not about the moment; a proxy in its place says nothing that a worker ends for. */
function isFinal(error: unknown): boolean {
  return !isTemporary(error) && !(error instanceof RequestError && error.code === undefined);
}

function isUnknownWorker(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'NOT_FOUND';
}
