/** TLS to Redis, as the settings ask for it. */

import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { errorCode } from '../../domain/thrown.ts';

/**
 * What is checked of the server's certificate: that an authority signed it and that it names the host; the authority
 * alone; or nothing, which encrypts, but does not say for whom.
 */
export const REDIS_TLS_MODES = ['verify-full', 'verify-ca', 'require'] as const;
export type RedisTlsMode = (typeof REDIS_TLS_MODES)[number];

/** Of a `rediss:` URL. */
export interface RedisTlsSettings {
  /** verify-full when left out. */
  mode?: RedisTlsMode | undefined;
  /** File with the certificates (PEM) of the authorities that may have signed the server's; else those of Node. */
  caFile?: string | undefined;
  /** Files (PEM) with the certificate that we show to a server that asks for one, and its key. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
}

/**
 * For the driver.
 * @throws an error of one sentence when a file cannot be read
 */
export function redisTlsOptions({ mode, caFile, certFile, keyFile }: RedisTlsSettings): ConnectionOptions {
  return {
    ...(caFile ? { ca: readFile('SIGNALBOX_REDIS_CA_FILE', caFile) } : {}),
    ...(certFile ? { cert: readFile('SIGNALBOX_REDIS_CERT_FILE', certFile) } : {}),
    ...(keyFile ? { key: readFile('SIGNALBOX_REDIS_KEY_FILE', keyFile) } : {}),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' || mode === 'require' ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** The driver's options for a URL: TLS is asked for by its protocol alone. */
export function tlsFor(url: string, tls: ConnectionOptions | undefined): { tls?: ConnectionOptions } {
  return tls && url.startsWith('rediss:') ? { tls } : {};
}

function readFile(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    throw new Error(`the file ${path} (${setting}) cannot be read (${code})`, { cause: error });
  }
}

const UNVERIFIED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/;

/** What helps when the two sides cannot agree on TLS; undefined where the error is of another kind. */
export function tlsWayOut({ code = '' }: NodeJS.ErrnoException): string | undefined {
  if (UNVERIFIED.test(code))
    return 'name the authority that signed its certificate by SIGNALBOX_REDIS_CA_FILE, or encrypt without checking by SIGNALBOX_REDIS_TLS=require';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'connect by a name that its certificate has, or check the authority alone by SIGNALBOX_REDIS_TLS=verify-ca';
  if (/ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA)/.test(code))
    return 'it requires a client certificate: set SIGNALBOX_REDIS_CERT_FILE and SIGNALBOX_REDIS_KEY_FILE';
  return undefined;
}
