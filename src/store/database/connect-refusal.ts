/** Why a database cannot be used, as a reason and the way out for whoever starts the server. */

import { connect } from 'node:net';
import { errorCode } from '../../domain/thrown.ts';
import type { DatabaseAddress } from './address.ts';
import { DatabaseUnavailable } from './database.ts';
import { refusalMessage } from './outage.ts';

/** The sentence for a connection or a first statement that failed. */
export function refusal(address: DatabaseAddress, error: unknown): DatabaseUnavailable {
  if (error instanceof DatabaseUnavailable) return error;
  return refused(address, reasonOf(error), error);
}

/** The sentence for a database that answers, but cannot be used for the reason. */
export function refused(
  { setting, shown }: DatabaseAddress,
  reason: string,
  cause?: unknown,
): DatabaseUnavailable {
  return new DatabaseUnavailable(`${setting} (${shown}) cannot be used: ${reason}`, { cause });
}

/** What went wrong, and where we know it, what helps. */
function reasonOf(error: unknown): string {
  const message = refusalMessage(error);
  const helps = wayOut(error, message);
  return helps ? `${message.replace(/\.$/, '')}. ${helps}` : message;
}

const UNVERIFIED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/;

function wayOut(error: unknown, message: string): string | undefined {
  const code = errorCode(error);
  if (code === '3D000') return 'Create it: CREATE DATABASE … ENCODING UTF8 TEMPLATE template0.';
  // The hint of pg_hba.conf: the text is the server's, in its language, but this much stays.
  if (code === '28000' && message.includes('pg_hba.conf'))
    return 'Where it asks for encryption, add sslmode=require to the URL.';
  if (code === '08P01' && message.includes('options'))
    return 'A pooler does not pass options on: name the schema by ?schema=… instead, and leave PGOPTIONS unset.';
  if (typeof code === 'string' && UNVERIFIED.test(code))
    return 'Name the authority that signed its certificate by SIGNALBOX_DATABASE_CA_FILE (or sslrootcert in the URL), or encrypt without checking by sslmode=require.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Connect by a name that its certificate has, or check the authority alone by sslmode=verify-ca.';
  if (message === 'The server does not support SSL connections')
    return 'Turn TLS on there, or leave it off here by sslmode=disable.';
  return undefined;
}

const ANSWER_MS = 500;
/** Asks for TLS, which every PostgreSQL and every pooler answers by one byte. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Protocols of lines wait for the end of one: HTTP calls this a bad request, Redis answers it. */
const LINES = Buffer.from('\r\nPING\r\n\r\n');

/**
 * Finds out what answers at an address that does not answer as PostgreSQL does.
 * @returns its name; an empty text where it keeps silent; undefined where PostgreSQL answers, or nothing can be
 *   connected to
 */
export async function recogniseOther(host: string, port: number): Promise<string | undefined> {
  // A connection for each: what has begun to read one protocol does not see the other.
  const answer = (await ask(host, port, SSL_REQUEST)) || (await ask(host, port, LINES));
  if (answer === undefined || answer === 'S' || answer === 'N' || answer.startsWith('E\0')) return undefined;
  return answer && nameOf(answer);
}

/** Types of TLS records that a server begins with: an alert, a handshake. */
const TLS_RECORDS = [0x15, 0x16];

function nameOf(answer: string): string {
  if (answer.startsWith('HTTP/')) return 'an HTTP server';
  if (/^[-+]/.test(answer)) return 'Redis';
  if (TLS_RECORDS.includes(answer.charCodeAt(0)))
    return 'TLS (sslnegotiation=direct may be missing in the URL)';
  return 'another protocol';
}

/** The first bytes of the answer: empty when nothing is answered, undefined when there is no connection. */
function ask(host: string, port: number, request: Buffer): Promise<string | undefined> {
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  return new Promise<string | undefined>((resolve) => {
    const silent = setTimeout(() => resolve(socket.connecting ? undefined : ''), ANSWER_MS);
    socket.once('close', () => clearTimeout(silent));
    socket.once('error', () => resolve(undefined));
    socket.once('end', () => resolve(''));
    socket.once('data', (data) => resolve(data.toString('latin1')));
    socket.write(request);
  }).finally(() => socket.destroy());
}
