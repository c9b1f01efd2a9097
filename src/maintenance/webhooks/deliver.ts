/** One attempt to deliver: a signed POST, bounded in time and in what is read of the answer. */
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { type IdPrefix, toTypeId } from '../../domain/typeid.ts';
import type { DeliveryAttempt, DueDelivery } from '../../domain/webhook.ts';
import { AddressRefused, checkLiteral, publicLookup } from './addresses.ts';

export interface DelivererOptions {
  /** Whether addresses of private networks may be reached. */
  allowPrivate: boolean;
  /** Milliseconds for all of an attempt (15 s). */
  timeoutMs?: number;
}

export interface Delivered extends DeliveryAttempt {
  /** Whether another attempt may help. */
  retryable: boolean;
}

export interface Deliverer {
  /** Never rejects. */
  deliver(delivery: DueDelivery, signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}

const MAX_RESPONSE_BYTES = 4_096;
const SHOWN_CHARACTERS = 1_000;

export function createDeliverer({ allowPrivate, timeoutMs = 15_000 }: DelivererOptions): Deliverer {
  const agent = new Agent({
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: publicLookup }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 1_000,
  });

  async function send(delivery: DueDelivery, signal: AbortSignal): Promise<Omit<Delivered, 'durationMs'>> {
    if (!allowPrivate) checkLiteral(delivery.url);
    const { id, body } = messageOf(delivery);
    const now = new Date();
    // Redirects are not followed: where they lead is somebody else's choice.
    const answer = await request(delivery.url, {
      method: 'POST',
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Signalbox',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': new Webhook(delivery.secret).sign(id, now, body),
      },
      body,
    });
    const response = await beginningOf(answer.body);
    const code = answer.statusCode;
    if (code >= 200 && code < 300) return { responseCode: code, response, error: null, retryable: false };
    const isRedirect = code >= 300 && code < 400;
    return {
      responseCode: code,
      response,
      error: isRedirect ? `It redirects (${code}), which is not followed.` : `It answered ${code}.`,
      // 410: the receiver is gone for good, by its own word.
      retryable: !isRedirect && code !== 410,
    };
  }

  return {
    async deliver(delivery, signal) {
      const begun = performance.now();
      const took = () => ({ durationMs: performance.now() - begun });
      if (!delivery.enabled) {
        const error = 'The webhook is disabled.';
        return { responseCode: null, response: null, error, retryable: false, ...took() };
      }
      try {
        return { ...(await send(delivery, signal)), ...took() };
      } catch (error) {
        const retryable = !(error instanceof AddressRefused || causeOf(error) instanceof AddressRefused);
        const why =
          error instanceof Error && error.name === 'TimeoutError'
            ? `It did not answer within ${timeoutMs} ms.`
            : reasonOf(error);
        return { responseCode: null, response: null, error: why, retryable, ...took() };
      }
    },
    close: () => agent.destroy(),
  };
}

/** What is sent: an envelope of Standard Webhooks. Its id is the same in every attempt. */
function messageOf({ id, eventId, type, body }: DueDelivery): { id: string; body: string } {
  const { at, subjectKind, subjectId, ...rest } = body;
  const subject = subjectKind && subjectId ? toTypeId(subjectKind as IdPrefix, subjectId) : null;
  const data = { id: eventId && toTypeId('event', eventId), ...rest, subject };
  return {
    id: toTypeId('delivery', id),
    body: JSON.stringify({ type, timestamp: new Date(at).toISOString(), data }),
  };
}

async function beginningOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MAX_RESPONSE_BYTES) break;
  }
  body.destroy();
  return Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8').slice(0, SHOWN_CHARACTERS);
}

function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown } | null)?.cause;
}

function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  const { message, code } = (first ?? error) as { message?: string; code?: string };
  return (message || code || String(error)).slice(0, SHOWN_CHARACTERS);
}
