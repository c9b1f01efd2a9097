/** Servers for tests: started as users start them, on a database of their own. */
import { Writable } from 'node:stream';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { type App, type AppOptions, buildApp } from '../../src/app/app.ts';
import { type Config, readConfig, USUAL_CATEGORIES } from '../../src/config.ts';
import type { Role } from '../../src/domain/access.ts';
import { WITHOUT_SECRETS } from '../../src/server/logging.ts';
import type { Database } from '../../src/store/database/database.ts';

export const ADMIN_TOKEN = 'test-admin-token-0123456789';
export const JWT_SECRET = 'test-jwt-secret-0123456789-0123456789';

export interface TestApp {
  /** http://127.0.0.1:port */
  url: string;
  /** Everything that the server has logged so far, one line each. */
  logged: string[];
  stop(): Promise<void>;
  /** See App. */
  streams: App['streams'];
}

/** Starts a server on a free port. A PGlite is handed over open and closed with the server. */
export async function startApp(
  on: { database?: Database | undefined } & Pick<AppOptions, 'timeouts'> & Partial<Config>,
): Promise<TestApp> {
  const { database, timeouts, logLevel: level = 'debug', ...settings } = on;
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk).trim());
      done();
    },
  });
  const config: Config = {
    ...readConfig({
      PORT: '0',
      SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
      SIGNALBOX_JWT_SECRET: JWT_SECRET,
      // Databases of tests are handed over open, so that this one seems to be embedded.
      SIGNALBOX_CATEGORIES: USUAL_CATEGORIES.join(),
      // All tests come from one address.
      SIGNALBOX_MAX_FAILED_SIGN_INS: '0',
    }),
    ...settings,
  };
  const app = buildApp(config, { database, timeouts, logger: pino({ level, ...WITHOUT_SECRETS }, sink) });
  const { url } = await app.start();
  return { url, logged, stop: app.stop, streams: app.streams };
}

/** A token as an issuer would sign it. */
export function tokenFor(
  id: string,
  role: Role,
  rooms: string[],
  expiresIn: string | Date = '1h',
  more: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({ role, rooms, ...more })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(JWT_SECRET));
}

export interface GraphqlAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** One operation over HTTP. */
export async function request(
  url: string,
  token: string | null,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}
