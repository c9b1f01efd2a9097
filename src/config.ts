/** Settings: from the environment and `.env`, checked once at start. The only reader of process.env. */

import { statSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DANGEROUS_SCHEMES } from './domain/asset.ts';
import { errorCode } from './domain/thrown.ts';
import { type Tiers, UNLIMITED } from './domain/tiers.ts';
import { IN_FILES, readSecretFiles } from './secret-files.ts';

/** A setting is wrong; the message names it, what it was and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

// Every message says what is expected, and nothing of what is there: that is shown where it is no secret.
const integer = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  const digits = z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, error);
  return digits.transform(Number).pipe(z.number().min(min, error).max(max, error));
};

const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `expected a URL like ${example}` });

const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
const tlsMode = z.enum(TLS_MODES, `expected one of ${TLS_MODES.join(', ')}`);
const REDIS_URLS = 'expected a URL like redis://host:6379, or several of one cluster';
const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: ({ input }) =>
    /sentinel/i.test(String(input).slice(0, 20))
      ? 'Sentinel is not supported: name the Redis itself, by an address that moves with the master, or use a cluster'
      : `${REDIS_URLS}, separated by commas or as a list in JSON`,
});
const token = z
  .string()
  .regex(/^[!-~]{16,}$/, 'expected at least 16 letters, digits and signs, without white space');
const jwtSecret = z.string().min(32, 'expected at least 32 characters');
const onOrOff = z.enum(['on', 'off'], 'expected on or off').transform((value) => value === 'on');

/** What begins or ends like JSON, or in quotation marks, and is none of it: as a name it would only look right. */
const HALF_JSON = /^["'[{]|["'\]}]$/;

/** Items of a list, by commas or as an array in JSON; undefined for anything else. */
function readList(text: string): string[] | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) {
    const items = trimmed.split(',').map((item) => item.trim());
    return items.some((item) => HALF_JSON.test(item)) ? undefined : items;
  }
  try {
    const items: unknown = JSON.parse(trimmed);
    const isList =
      Array.isArray(items) && items.length > 0 && items.every((item) => typeof item === 'string');
    return isList ? items.map((item) => item.trim()) : undefined;
  } catch {
    return undefined;
  }
}

/** A setting that is a list, with one item at least. */
const listOf = (item: z.ZodType<string, string>, expected: string) =>
  z
    .string()
    .transform((text, context) => {
      const items = readList(text);
      if (items) return items;
      context.addIssue(`${expected}, separated by commas or as a list in JSON`);
      return z.NEVER;
    })
    .pipe(z.array(item));

const TIERS =
  'expected "off", or tiers with their points an hour like free=100,solo=1000,team=10000, or the same in JSON';

function parseTiers(text: string, context: z.RefinementCtx): Tiers {
  if (text.trim() === 'off') return {};
  const items = tiersOfObject(text) ?? readList(text) ?? [];
  const tiers = items.map((tier) => /^\s*([a-z][a-z0-9_-]{0,63})=([1-9]\d{0,8})\s*$/.exec(tier));
  const isGood = tiers.length > 0 && tiers.every((tier) => tier !== null && tier[1] !== UNLIMITED);
  const named = new Map(tiers.map((tier) => [tier?.[1] ?? '', Number(tier?.[2])]));
  if (isGood && named.size === tiers.length) return Object.fromEntries(named);
  context.addIssue(TIERS);
  return z.NEVER;
}

/** `{"free":100}` as `free=100`; undefined where it is no object in JSON. */
function tiersOfObject(text: string): string[] | undefined {
  if (!text.trim().startsWith('{')) return undefined;
  try {
    const tiers = JSON.parse(text) as Record<string, unknown>;
    return Object.entries(tiers).map(([name, points]) => `${name}=${JSON.stringify(points)}`);
  } catch {
    return undefined;
  }
}

function parseProxies(text: string, context: z.RefinementCtx): number | string[] {
  if (/^\s*([1-9]|[12]\d)\s*$/.test(text)) return Number(text);
  const networks = readList(text) ?? [''];
  if (networks.every((one) => ipaddr.isValidCIDR(one) || isAddress(one))) return networks;
  context.addIssue(
    'expected a number of proxies from 1 to 29, or networks like 10.0.0.0/8,fd00::/8, separated by commas or as a list in JSON',
  );
  return z.NEVER;
}

/** As people write it: a bare number is an address, too, but nobody means one. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

const JWKS_EXAMPLE = 'https://issuer/.well-known/jwks.json, without user and password';

function hasNoCredentials(text: string): boolean {
  const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' };
  return username === '' && password === '';
}

const CATEGORIES =
  'expected * or names without "@", ":" and white space, separated by commas or as a list in JSON';
const ORIGINS = 'expected origins like https://app.example.com, without a path';

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const SETTINGS = {
  /** Address to listen on. */
  HOST: z
    .string()
    .trim()
    .regex(/^[\w.:%-]+$/, 'expected a host name or address like 127.0.0.1')
    .default('127.0.0.1'),
  /** Port to listen on; 0 for any free one. */
  PORT: integer(0, 65_535).default(4000),
  /** PostgreSQL to keep everything in; without it the embedded database. */
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database').optional(),
  /**
   * The same database past a pooler that gives every transaction another connection, for what needs a session: locks,
   * migrations, notifications. DATABASE_URL names the pooler then.
   */
  SIGNALBOX_DIRECT_DATABASE_URL: url(
    /^postgres(ql)?$/,
    'postgres://user:password@host:5432/database',
  ).optional(),
  /** How connections to PostgreSQL are encrypted where `sslmode` of the URL does not say it; as in libpq. */
  SIGNALBOX_DATABASE_TLS: tlsMode.optional(),
  /** File with the certificates (PEM) of the authorities that may have signed the certificate of PostgreSQL. */
  SIGNALBOX_DATABASE_CA_FILE: z.string().trim().optional(),
  /** Connections to PostgreSQL at most. */
  SIGNALBOX_DATABASE_CONNECTIONS: integer(2, 500).default(10),
  /**
   * Redis to spread changes between servers; without it they stay in the process. A single server or a cluster: it is
   * asked. Of a cluster several nodes may be named, with commas between them.
   */
  REDIS_URL: listOf(redisUrl, REDIS_URLS)
    .transform((urls) => urls.join(','))
    .optional(),
  /**
   * What is checked of the certificate of a Redis whose URL begins with rediss: who signed it and the host's name
   * (verify-full), who signed it (verify-ca), or nothing (require).
   */
  SIGNALBOX_REDIS_TLS: z
    .enum(['verify-full', 'verify-ca', 'require'], 'expected verify-full, verify-ca or require')
    .optional(),
  /** File (PEM) with the authorities that may have signed the certificate of Redis; without it those of Node. */
  SIGNALBOX_REDIS_CA_FILE: z.string().trim().optional(),
  /** File (PEM) with the certificate that a Redis which asks for one is shown. */
  SIGNALBOX_REDIS_CERT_FILE: z.string().trim().optional(),
  /** File (PEM) with the key of that certificate. */
  SIGNALBOX_REDIS_KEY_FILE: z.string().trim().optional(),
  /** Where the embedded database is kept; `:memory:` keeps it nowhere. */
  SIGNALBOX_DATA_DIR: z.string().default('.signalbox'),
  /** The static token of the administrator; without it one is made at every start, and printed. It fits a header. */
  SIGNALBOX_ADMIN_TOKEN: token.optional(),
  /** The one before, which opens the same as long as it stands here: for the time in which users change over. */
  SIGNALBOX_ADMIN_TOKEN_PREVIOUS: token.optional(),
  /** HS256 secret of JSON Web Tokens. */
  SIGNALBOX_JWT_SECRET: jwtSecret.optional(),
  /** The one before: what it has signed is taken as long as it stands here. */
  SIGNALBOX_JWT_SECRET_PREVIOUS: jwtSecret.optional(),
  /** Where the public keys of JSON Web Tokens are published. */
  SIGNALBOX_JWKS_URL: url(/^https?$/, JWKS_EXAMPLE)
    .refine(hasNoCredentials, `expected a URL like ${JWKS_EXAMPLE}`)
    .optional(),
  /** What the issuer (`iss`) of JSON Web Tokens must be; without it any. */
  SIGNALBOX_JWT_ISSUER: z.string().trim().optional(),
  /** Audiences (`aud`), separated by commas, of which JSON Web Tokens must name one; without it any or none. */
  SIGNALBOX_JWT_AUDIENCE: listOf(
    z.string().min(1, 'expected names, separated by commas or as a list in JSON'),
    'expected names',
  ).optional(),
  /** Rate limit tiers with their points an hour; `off` for no limits. */
  SIGNALBOX_RATE_LIMITS: z.string().default('free=100,solo=1000,team=10000').transform(parseTiers),
  /** The tier of a MEMBER or USER whose credential names none. */
  SIGNALBOX_DEFAULT_TIER: z
    .string()
    .trim()
    .regex(/^[a-z][a-z0-9_-]{0,63}$/, `expected the name of a tier, or ${UNLIMITED}`)
    .default(UNLIMITED),
  /** Different wrong tokens that one address may send in a quarter of an hour; 0 for any number. */
  SIGNALBOX_MAX_FAILED_SIGN_INS: integer(0, 1_000_000).default(20),
  /** Whose X-Forwarded-For counts: so many proxies in front of the server, or the networks that they are in. */
  SIGNALBOX_TRUSTED_PROXIES: z.string().transform(parseProxies).optional(),
  /**
   * The job categories that may be registered; `*` for any word, which is what an embedded database begins with:
   * whoever tries things out has not thought of categories yet.
   */
  SIGNALBOX_CATEGORIES: listOf(
    z.string().regex(/^[^\s@:]{1,128}$/, CATEGORIES),
    'expected * or names without "@", ":" and white space',
  )
    .refine((names) => names.length === 1 || !names.includes('*'), CATEGORIES)
    .optional(),
  /** The schemes that URLs of assets may have, separated by commas; never those that run what they carry. */
  SIGNALBOX_ASSET_SCHEMES: listOf(
    z
      .string()
      .toLowerCase()
      .regex(
        /^[a-z][a-z0-9+.-]{0,31}$/,
        'expected schemes like https, separated by commas or as a list in JSON',
      )
      .refine(
        (scheme) => !DANGEROUS_SCHEMES.includes(scheme),
        `expected none of ${DANGEROUS_SCHEMES.join(', ')}`,
      ),
    'expected schemes like https',
  ).prefault('https,http,s3,gs'),
  /** Seconds without a heartbeat after which a worker does not count as alive. */
  SIGNALBOX_WORKER_TIMEOUT_SECONDS: integer(1, 86_400).default(60),
  /** Seconds between two looks for lost workers and idle jobs. */
  SIGNALBOX_SWEEP_INTERVAL_SECONDS: integer(1, 86_400).default(30),
  /** Seconds without a living worker and without unfinished tasks after which a job is retired. */
  SIGNALBOX_JOB_IDLE_SECONDS: integer(0, 31_536_000).default(604_800),
  /** Web pages of other origins that may use the API, separated by commas: https://app.example.com. */
  SIGNALBOX_CORS_ORIGINS: listOf(
    z
      .string()
      .refine(
        (text) => text === '' || isOrigin(text),
        `${ORIGINS}, separated by commas or as a list in JSON`,
      ),
    ORIGINS,
  )
    .transform((origins) => origins.filter((origin) => origin !== ''))
    .prefault(''),
  /** Whether the schema can be asked for, and the page for trying out operations is there. */
  SIGNALBOX_INTROSPECTION: onOrOff.default(true),
  /** The dashboard: there, there without anything that changes something, or not there. */
  SIGNALBOX_DASHBOARD: z.enum(['on', 'read-only', 'off'], 'expected on, read-only or off').default('on'),
  /** Files that list the only documents that are taken, separated by commas; without it any document is. */
  SIGNALBOX_TRUSTED_DOCUMENTS: listOf(
    z.string().min(1, 'expected paths of files, separated by commas or as a list in JSON'),
    'expected paths of files',
  ).optional(),
  /** Connections of this server at a time at most. */
  SIGNALBOX_MAX_CONNECTIONS: integer(1, 1_000_000).default(20_000),
  /** WebSockets of one caller on this server at a time at most, and as many requests and event streams. */
  SIGNALBOX_SOCKETS_PER_CALLER: integer(1, 1_000_000).default(2_500),
  /** WebSockets of one address on this server at a time at most. */
  SIGNALBOX_SOCKETS_PER_ADDRESS: integer(1, 1_000_000).default(5_000),
  /** A token that opens /metrics and nothing else, for Prometheus; administrators read it with their own. */
  SIGNALBOX_METRICS_TOKEN: token.optional(),
  /** Whether webhooks may reach addresses of private networks, this machine included. */
  SIGNALBOX_WEBHOOK_ALLOW_PRIVATE: onOrOff.default(false),
  /** Days that COMPLETED and PARTIAL tasks are kept. */
  SIGNALBOX_RETENTION_COMPLETED_DAYS: integer(1, 36_500).default(7),
  /** Days that CANCELLED tasks and discarded dead letters are kept. */
  SIGNALBOX_RETENTION_FAILED_DAYS: integer(1, 36_500).default(30),
  /** Days that dead letters are kept. */
  SIGNALBOX_RETENTION_DEAD_LETTER_DAYS: integer(1, 36_500).default(180),
  /** Days that events, operation runs and deliveries of webhooks are kept. */
  SIGNALBOX_RETENTION_EVENT_DAYS: integer(1, 36_500).default(90),
  /** Days that roll-ups are kept. */
  SIGNALBOX_RETENTION_STATISTICS_DAYS: integer(1, 36_500).default(400),
  /** Stands for SIGNALBOX_DATABASE_TLS where that is not set; as for every client of PostgreSQL. */
  PGSSLMODE: tlsMode.optional(),
  /** Stands for SIGNALBOX_DATABASE_CA_FILE where that is not set. */
  PGSSLROOTCERT: z.string().optional(),
  /** Where traces go, as OTLP over HTTP; without it none are made. Further settings of OpenTelemetry count, too. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?$/, 'http://127.0.0.1:4318').optional(),
  /** The name of this server in traces. */
  OTEL_SERVICE_NAME: z.string().trim().max(256, 'expected at most 256 characters').default('signalbox'),
  /** How much is logged. */
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.map((level) => JSON.stringify(level)).join(', ')}`)
    .default('info'),
};

const schema = z.object(SETTINGS);
type Settings = z.infer<typeof schema>;

const REDIS_TLS = [
  'SIGNALBOX_REDIS_TLS',
  'SIGNALBOX_REDIS_CA_FILE',
  'SIGNALBOX_REDIS_CERT_FILE',
  'SIGNALBOX_REDIS_KEY_FILE',
] as const;

interface Wrong {
  name: string;
  message: string;
}

/** What is wrong with settings that are each right alone. */
function findMismatches(settings: Settings): Wrong[] {
  const wrong: Wrong[] = [];
  const { SIGNALBOX_RATE_LIMITS: tiers, SIGNALBOX_DEFAULT_TIER: tier } = settings;
  if (tier !== UNLIMITED && !Object.hasOwn(tiers, tier)) {
    const message = `expected one of ${[...Object.keys(tiers), UNLIMITED].join(', ')}`;
    wrong.push({ name: 'SIGNALBOX_DEFAULT_TIER', message });
  }
  if (settings.SIGNALBOX_DIRECT_DATABASE_URL && !settings.DATABASE_URL) {
    wrong.push({ name: 'SIGNALBOX_DIRECT_DATABASE_URL', message: 'expected together with DATABASE_URL' });
  }
  for (const name of ['SIGNALBOX_ADMIN_TOKEN', 'SIGNALBOX_JWT_SECRET'] as const) {
    const previous = `${name}_PREVIOUS` as const;
    if (settings[name] || !settings[previous]) continue;
    wrong.push({ name: previous, message: `expected together with ${name}` });
  }
  const takesTokens = settings.SIGNALBOX_JWT_SECRET ?? settings.SIGNALBOX_JWKS_URL;
  const isEncrypted = settings.REDIS_URL?.split(',').some((redis) => redis.startsWith('rediss:'));
  for (const name of REDIS_TLS) {
    if (isEncrypted || settings[name] === undefined) continue;
    wrong.push({ name, message: 'expected together with a REDIS_URL that begins with rediss://' });
  }
  if (!settings.SIGNALBOX_REDIS_CERT_FILE !== !settings.SIGNALBOX_REDIS_KEY_FILE) {
    const message = 'expected together with SIGNALBOX_REDIS_KEY_FILE, and the other way round';
    wrong.push({ name: 'SIGNALBOX_REDIS_CERT_FILE', message });
  }
  for (const name of ['SIGNALBOX_JWT_ISSUER', 'SIGNALBOX_JWT_AUDIENCE'] as const) {
    // Whoever names one thinks that it protects something.
    if (takesTokens || settings[name] === undefined) continue;
    wrong.push({ name, message: 'expected together with SIGNALBOX_JWT_SECRET or SIGNALBOX_JWKS_URL' });
  }
  return wrong;
}

/** The categories of a server on PostgreSQL that was not given others. */
export const USUAL_CATEGORIES: readonly string[] = ['modifiers', 'selections', 'analysis', 'general'];

function categoriesOf({ SIGNALBOX_CATEGORIES: given, DATABASE_URL: url }: Settings): string[] | '*' {
  const categories = given ?? (url ? [...USUAL_CATEGORIES] : ['*']);
  return categories[0] === '*' ? '*' : categories;
}

/** The data directory of an embedded database that is gone with the server. */
export const IN_MEMORY = ':memory:';

/** The settings under names that read well. */
export interface Config {
  host: string;
  port: number;
  databaseUrl?: string | undefined;
  directDatabaseUrl?: string | undefined;
  /** What the URLs leave open. */
  databaseTls: { mode?: z.infer<typeof tlsMode> | undefined; caFile?: string | undefined };
  databaseConnections: number;
  redisUrl?: string | undefined;
  /** Of a `rediss:` URL. */
  redisTls: {
    mode?: 'verify-full' | 'verify-ca' | 'require' | undefined;
    caFile?: string | undefined;
    certFile?: string | undefined;
    keyFile?: string | undefined;
  };
  dataDir: string;
  adminToken?: string | undefined;
  /** Is taken as well. */
  previousAdminToken?: string | undefined;
  jwtSecret?: string | undefined;
  /** Is taken as well. */
  previousJwtSecret?: string | undefined;
  jwksUrl?: string | undefined;
  jwtIssuer?: string | undefined;
  jwtAudience?: string[] | undefined;
  /** Points an hour of each tier; none when nothing is limited. */
  rateLimits: Tiers;
  defaultTier: string;
  maxFailedSignIns: number;
  /** A number of proxies, or their networks. */
  trustedProxies: number | string[];
  /** Those that may be registered; `*` for any word. */
  categories: string[] | '*';
  assetUrlSchemes: string[];
  workerTimeoutSeconds: number;
  sweepIntervalSeconds: number;
  jobIdleSeconds: number;
  webhookAllowPrivate: boolean;
  /** Days that things are kept. */
  retentionDays: { completed: number; failed: number; deadLetter: number; event: number; statistics: number };
  corsOrigins: string[];
  introspection: boolean;
  dashboard: 'on' | 'read-only' | 'off';
  trustedDocuments?: string[] | undefined;
  maxConnections: number;
  socketsPerCaller: number;
  socketsPerAddress: number;
  metricsToken?: string | undefined;
  otlpEndpoint?: string | undefined;
  serviceName: string;
  logLevel: z.infer<typeof schema>['LOG_LEVEL'];
}

/**
 * Reads and checks the settings. Empty ones count as not set.
 * @throws ConfigError that names every wrong setting
 */
export function readConfig(environment: NodeJS.ProcessEnv = loadEnvironment()): Config {
  const isSet = ([, value]: [string, string | undefined]) => value?.trim() !== '';
  const files = readSecretFiles(Object.fromEntries(Object.entries(environment).filter(isSet)));
  const { given } = files;
  const result = schema.safeParse(given);
  const found = result.success
    ? findMismatches(result.data)
    : result.error.issues.map(({ path: [name], message }): Wrong => ({ name: String(name), message }));
  const wrong = [...files.wrong, ...found];
  if (wrong.length > 0 || !result.success) {
    const lines = wrong.map(({ name, message }) => `  ${name}: ${message}${shown(name, given)}`);
    // Several names in one list can be wrong: one line for each setting.
    throw new ConfigError(['Wrong settings.', ...new Set(lines)].join('\n'));
  }
  const settings = result.data;
  return {
    host: settings.HOST,
    port: settings.PORT,
    databaseUrl: settings.DATABASE_URL,
    directDatabaseUrl: settings.SIGNALBOX_DIRECT_DATABASE_URL,
    databaseTls: {
      mode: settings.SIGNALBOX_DATABASE_TLS ?? settings.PGSSLMODE,
      caFile: settings.SIGNALBOX_DATABASE_CA_FILE ?? settings.PGSSLROOTCERT,
    },
    databaseConnections: settings.SIGNALBOX_DATABASE_CONNECTIONS,
    redisUrl: settings.REDIS_URL,
    redisTls: {
      mode: settings.SIGNALBOX_REDIS_TLS,
      caFile: settings.SIGNALBOX_REDIS_CA_FILE,
      certFile: settings.SIGNALBOX_REDIS_CERT_FILE,
      keyFile: settings.SIGNALBOX_REDIS_KEY_FILE,
    },
    dataDir: settings.SIGNALBOX_DATA_DIR,
    adminToken: settings.SIGNALBOX_ADMIN_TOKEN,
    previousAdminToken: settings.SIGNALBOX_ADMIN_TOKEN_PREVIOUS,
    jwtSecret: settings.SIGNALBOX_JWT_SECRET,
    previousJwtSecret: settings.SIGNALBOX_JWT_SECRET_PREVIOUS,
    jwksUrl: settings.SIGNALBOX_JWKS_URL,
    jwtIssuer: settings.SIGNALBOX_JWT_ISSUER,
    jwtAudience: settings.SIGNALBOX_JWT_AUDIENCE,
    rateLimits: settings.SIGNALBOX_RATE_LIMITS,
    defaultTier: settings.SIGNALBOX_DEFAULT_TIER,
    maxFailedSignIns: settings.SIGNALBOX_MAX_FAILED_SIGN_INS,
    trustedProxies: settings.SIGNALBOX_TRUSTED_PROXIES ?? [],
    categories: categoriesOf(settings),
    assetUrlSchemes: settings.SIGNALBOX_ASSET_SCHEMES,
    workerTimeoutSeconds: settings.SIGNALBOX_WORKER_TIMEOUT_SECONDS,
    sweepIntervalSeconds: settings.SIGNALBOX_SWEEP_INTERVAL_SECONDS,
    jobIdleSeconds: settings.SIGNALBOX_JOB_IDLE_SECONDS,
    webhookAllowPrivate: settings.SIGNALBOX_WEBHOOK_ALLOW_PRIVATE,
    retentionDays: {
      completed: settings.SIGNALBOX_RETENTION_COMPLETED_DAYS,
      failed: settings.SIGNALBOX_RETENTION_FAILED_DAYS,
      deadLetter: settings.SIGNALBOX_RETENTION_DEAD_LETTER_DAYS,
      event: settings.SIGNALBOX_RETENTION_EVENT_DAYS,
      statistics: settings.SIGNALBOX_RETENTION_STATISTICS_DAYS,
    },
    corsOrigins: settings.SIGNALBOX_CORS_ORIGINS,
    introspection: settings.SIGNALBOX_INTROSPECTION,
    dashboard: settings.SIGNALBOX_DASHBOARD,
    trustedDocuments: settings.SIGNALBOX_TRUSTED_DOCUMENTS,
    maxConnections: settings.SIGNALBOX_MAX_CONNECTIONS,
    socketsPerCaller: settings.SIGNALBOX_SOCKETS_PER_CALLER,
    socketsPerAddress: settings.SIGNALBOX_SOCKETS_PER_ADDRESS,
    metricsToken: settings.SIGNALBOX_METRICS_TOKEN,
    otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    serviceName: settings.OTEL_SERVICE_NAME,
    logLevel: settings.LOG_LEVEL,
  };
}

// Of tests, the demo and programs that use the API, which may run in the same environment.
const OF_OTHERS = /^SIGNALBOX_((TEST|CHAOS|MODEL|ORACLE|SOAK|DEMO)_.*|URL|TOKEN)$/;

/** Names that look like settings and are none: with a typing error in them they would be ignored without a word. */
export function unknownSettings(environment: NodeJS.ProcessEnv = process.env): string[] {
  const known = new Set<string>([...Object.keys(SETTINGS), ...IN_FILES.map((name) => `${name}_FILE`)]);
  return Object.keys(environment).filter(
    (name) => name.startsWith('SIGNALBOX_') && !OF_OTHERS.test(name) && !known.has(name),
  );
}

function loadEnvironment(): NodeJS.ProcessEnv {
  // What is set already wins over the file.
  try {
    if (statSync('.env', { throwIfNoEntry: false })?.isFile()) process.loadEnvFile('.env');
  } catch (error) {
    throw new ConfigError(`The file .env cannot be read (${errorCode(error)}).`, {
      cause: error,
    });
  }
  return process.env;
}

// URLs and tokens can hold secrets: they are not repeated.
const SECRET = /(TOKEN|SECRET)(_PREVIOUS)?$|URL$/;

function shown(name: string, given: Record<string, string | undefined>): string {
  return SECRET.test(name) || given[name] === undefined ? '' : ` (it is ${JSON.stringify(given[name])})`;
}
