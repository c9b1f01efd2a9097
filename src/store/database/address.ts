/** Reads DATABASE_URL: what the driver connects to, how it is encrypted, and which schema is meant. */

import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { errorCode } from '../../domain/thrown.ts';
import { DatabaseUnavailable } from './database.ts';

/** As in libpq, and `no-verify` as an older word of the driver for `require`. */
const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** TLS where the URL says nothing of its own. */
export interface TlsSettings {
  mode?: TlsMode | undefined;
  /** File with the certificates (PEM) of the authorities that may have signed the server's. */
  caFile?: string | undefined;
}

export interface DatabaseAddress {
  /** The setting that it comes from, for people. */
  setting: string;
  /** For the driver: what it would read from the URL itself, it reads otherwise than libpq. */
  client: pg.ClientConfig;
  /** Whether to go on without TLS where the server has none. */
  plainAllowed: boolean;
  /** The schema that `?schema=` names. */
  schema?: string | undefined;
  /** The URL without its password. */
  shown: string;
}

const LONGEST_NAME = 63;
/** What is taken out of the URL: the driver would read it its own way, or send it to the server. */
const OURS = [
  ...['schema', 'ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'sslnegotiation'],
  'uselibpqcompat',
];

/**
 * Reads an address.
 * @throws DatabaseUnavailable that names the setting, and what of it is wrong
 */
export function readAddress(setting: string, url: string, settings: TlsSettings = {}): DatabaseAddress {
  const [base = '', query = ''] = splitOnce(url, '?');
  const parameters = new URLSearchParams(query);
  const given = Object.fromEntries(OURS.map((name) => [name, parameters.get(name) || undefined]));
  for (const name of OURS) parameters.delete(name);
  const connectionString = parameters.size > 0 ? `${base}?${parameters}` : base;
  if (!isAddress(connectionString)) {
    throw new DatabaseUnavailable(
      `${setting} is no PostgreSQL address; expected postgres://user:password@host:port/database.`,
    );
  }
  const { schema } = given;
  if (schema !== undefined && Buffer.byteLength(schema) > LONGEST_NAME) {
    throw new DatabaseUnavailable(`${setting} names a schema of more than ${LONGEST_NAME} bytes.`);
  }
  const mode = modeOf(setting, given, settings);
  const client: pg.ClientConfig = {
    connectionString,
    // Not left open: the driver would read PGSSLMODE its own way.
    ssl: mode === 'disable' ? false : tlsOf(setting, mode, given, settings),
    ...(mode !== 'disable' && given['sslnegotiation'] === 'direct' ? { sslnegotiation: 'direct' } : {}),
  };
  const plainAllowed = mode === 'prefer' || mode === 'allow';
  return { setting, client, plainAllowed, schema, shown: withoutPassword(url) };
}

type Given = Readonly<Record<string, string | undefined>>;

function modeOf(setting: string, given: Given, settings: TlsSettings): TlsMode {
  const { sslmode, ssl, sslnegotiation } = given;
  if (sslmode !== undefined) {
    const mode = TLS_MODES.find((one) => one === sslmode);
    if (mode) return mode;
    throw new DatabaseUnavailable(
      `${setting} has sslmode=${sslmode}; expected one of ${TLS_MODES.join(', ')}.`,
    );
  }
  if (ssl === 'no-verify') return ssl;
  if (ssl === 'false' || ssl === '0') return 'disable';
  if (settings.mode) return settings.mode;
  // Who names authorities, or asks for TLS by the driver's own word, wants to know whom it talks to.
  if (ssl !== undefined || given['sslrootcert'] || settings.caFile) return 'verify-full';
  return sslnegotiation === 'direct' ? 'require' : 'disable';
}

function tlsOf(setting: string, mode: TlsMode, given: Given, settings: TlsSettings): ConnectionOptions {
  const caFile = given['sslrootcert'] ?? settings.caFile;
  const caSetting = given['sslrootcert'] ? `sslrootcert of ${setting}` : 'SIGNALBOX_DATABASE_CA_FILE';
  // As in libpq: the authorities that Node knows.
  const ca = caFile && caFile !== 'system' ? readFile(caSetting, caFile) : undefined;
  // As in libpq: where authorities are named, `require` checks that one of them has signed.
  const verified = mode.startsWith('verify') || (mode === 'require' && caFile !== undefined);
  return {
    ...(ca ? { ca } : {}),
    ...(given['sslcert'] ? { cert: readFile(`sslcert of ${setting}`, given['sslcert']) } : {}),
    ...(given['sslkey'] ? { key: readFile(`sslkey of ${setting}`, given['sslkey']) } : {}),
    ...(given['sslpassword'] ? { passphrase: given['sslpassword'] } : {}),
    rejectUnauthorized: verified,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

function readFile(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    throw new DatabaseUnavailable(`The file ${path} (${what}) cannot be read (${code}).`, { cause: error });
  }
}

/** The driver takes any text for the name of a database on a host called "base", and says so only by connecting. */
function isAddress(url: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(url)) return false;
  try {
    new pg.Client({ connectionString: url, ssl: false });
    return true;
  } catch {
    return false;
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://…';
  const shown = new URL(url);
  shown.password = '';
  for (const name of ['password', 'sslpassword']) {
    if (shown.searchParams.has(name)) shown.searchParams.delete(name);
  }
  return shown.href;
}

function splitOnce(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}
