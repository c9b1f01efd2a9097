import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, ConfigError, readConfig, unknownSettings } from '../src/config.ts';
import { IN_FILES } from '../src/secret-files.ts';

/** What is said about wrong settings. */
function complaint(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('The settings were taken.');
}

const DEFAULTS: Config = {
  host: '127.0.0.1',
  port: 4000,
  databaseUrl: undefined,
  directDatabaseUrl: undefined,
  databaseTls: { mode: undefined, caFile: undefined },
  databaseConnections: 10,
  redisUrl: undefined,
  redisTls: { mode: undefined, caFile: undefined, certFile: undefined, keyFile: undefined },
  dataDir: '.signalbox',
  adminToken: undefined,
  previousAdminToken: undefined,
  jwtSecret: undefined,
  previousJwtSecret: undefined,
  jwksUrl: undefined,
  assetUrlSchemes: ['https', 'http', 's3', 'gs'],
  jwtIssuer: undefined,
  jwtAudience: undefined,
  rateLimits: { free: 100, solo: 1_000, team: 10_000 },
  defaultTier: 'unlimited',
  maxFailedSignIns: 20,
  trustedProxies: [],
  categories: '*',
  workerTimeoutSeconds: 60,
  sweepIntervalSeconds: 30,
  jobIdleSeconds: 604_800,
  webhookAllowPrivate: false,
  retentionDays: { completed: 7, failed: 30, deadLetter: 180, event: 90, statistics: 400 },
  corsOrigins: [],
  introspection: true,
  dashboard: 'on',
  trustedDocuments: undefined,
  maxConnections: 20_000,
  socketsPerCaller: 2_500,
  socketsPerAddress: 5_000,
  metricsToken: undefined,
  otlpEndpoint: undefined,
  serviceName: 'signalbox',
  logLevel: 'info',
};

interface Setting {
  name: string;
  field: keyof Config;
  good: [text: string, value: unknown][];
  wrong: string[];
  /** What the sentence says is expected. */
  expected: RegExp;
  /** What it makes sense with. */
  beside?: Record<string, string>;
}

const SETTINGS: Setting[] = [
  {
    name: 'HOST',
    field: 'host',
    good: [
      ['0.0.0.0', '0.0.0.0'],
      ['::1', '::1'],
      ['localhost', 'localhost'],
    ],
    wrong: ['my host', 'http://localhost'],
    expected: /expected a host name or address/,
  },
  {
    name: 'PORT',
    field: 'port',
    good: [
      ['0', 0],
      ['8080', 8080],
      ['65535', 65_535],
      [' 80 ', 80],
    ],
    wrong: ['65536', '-1', '80.5', '0x50', '1e3', 'http', 'NaN', 'Infinity'],
    expected: /expected a whole number from 0 to 65535/,
  },
  {
    name: 'DATABASE_URL',
    field: 'databaseUrl',
    good: [
      ['postgres://u:p@db:5432/app', 'postgres://u:p@db:5432/app'],
      ['postgresql://db/app?sslmode=require', 'postgresql://db/app?sslmode=require'],
    ],
    wrong: ['mysql://u:hunter2@db/app', 'localhost:5432', 'hunter2', 'postgres://u:hunter2@db:port/app'],
    expected: /expected a URL like postgres:\/\/user:password@host:5432\/database/,
    // Which ones are usual depends on the database.
    beside: { SIGNALBOX_CATEGORIES: 'one' },
  },
  {
    name: 'SIGNALBOX_DIRECT_DATABASE_URL',
    field: 'directDatabaseUrl',
    good: [['postgres://u:p@db:5432/app', 'postgres://u:p@db:5432/app']],
    wrong: ['mysql://u:hunter2@db/app', 'hunter2'],
    expected: /expected a URL like postgres:\/\/user:password@host:5432\/database/,
    beside: { DATABASE_URL: 'postgres://u:p@pooler:6432/app' },
  },
  ...['SIGNALBOX_DATABASE_TLS', 'PGSSLMODE'].map(
    (name): Setting => ({
      name,
      field: 'databaseTls',
      good: [
        ['require', { mode: 'require' }],
        ['verify-full', { mode: 'verify-full' }],
      ],
      wrong: ['on', 'no-verify'],
      expected: /expected one of disable, allow, prefer, require, verify-ca, verify-full/,
    }),
  ),
  ...['SIGNALBOX_DATABASE_CA_FILE', 'PGSSLROOTCERT'].map(
    (name): Setting => ({
      name,
      field: 'databaseTls',
      good: [['/etc/ssl/authority.pem', { caFile: '/etc/ssl/authority.pem' }]],
      wrong: [],
      expected: /expected/,
    }),
  ),
  {
    name: 'SIGNALBOX_DATABASE_CONNECTIONS',
    field: 'databaseConnections',
    good: [
      ['2', 2],
      ['500', 500],
    ],
    wrong: ['1', '501', 'many'],
    expected: /expected a whole number from 2 to 500/,
  },
  {
    name: 'REDIS_URL',
    field: 'redisUrl',
    good: [
      ['redis://cache:6379', 'redis://cache:6379'],
      ['rediss://:p@cache', 'rediss://:p@cache'],
      ['redis://a:1, redis://b:2', 'redis://a:1,redis://b:2'],
    ],
    wrong: ['http://cache:6379', 'cache:6379', '/var/run/redis.sock', 'redis://:hunter2@cache:port'],
    expected: /expected a URL like redis:\/\/host:6379/,
  },
  {
    name: 'SIGNALBOX_DATA_DIR',
    field: 'dataDir',
    good: [['/var/lib/signalbox', '/var/lib/signalbox']],
    wrong: [],
    expected: /./,
  },
  {
    name: 'SIGNALBOX_ADMIN_TOKEN',
    field: 'adminToken',
    good: [['0123456789abcdef', '0123456789abcdef']],
    // With white space or beyond ASCII it could not be sent in a header.
    wrong: ['hunter2', 'hunter2 hunter2 hunter2', 'hunter2-hunter2-ü'],
    expected: /expected at least 16 letters, digits and signs, without white space/,
  },
  {
    name: 'SIGNALBOX_METRICS_TOKEN',
    field: 'metricsToken',
    good: [['0123456789abcdef', '0123456789abcdef']],
    wrong: ['hunter2', 'hunter2 hunter2 hunter2'],
    expected: /expected at least 16 letters, digits and signs, without white space/,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    field: 'otlpEndpoint',
    good: [['http://collector:4318', 'http://collector:4318']],
    wrong: ['collector:4318', 'grpc://collector:4317'],
    expected: /expected a URL like http:\/\/127.0.0.1:4318/,
  },
  {
    name: 'OTEL_SERVICE_NAME',
    field: 'serviceName',
    good: [['orders', 'orders']],
    wrong: ['x'.repeat(257)],
    expected: /expected at most 256 characters/,
  },
  {
    name: 'SIGNALBOX_ADMIN_TOKEN_PREVIOUS',
    field: 'previousAdminToken',
    good: [['fedcba9876543210', 'fedcba9876543210']],
    wrong: ['short', 'hunter2'],
    expected: /expected at least 16 letters/,
    beside: { SIGNALBOX_ADMIN_TOKEN: '0123456789abcdef' },
  },
  {
    name: 'SIGNALBOX_JWT_SECRET_PREVIOUS',
    field: 'previousJwtSecret',
    good: [['b'.repeat(32), 'b'.repeat(32)]],
    wrong: ['b'.repeat(31), 'hunter2'],
    expected: /expected at least 32 characters/,
    beside: { SIGNALBOX_JWT_SECRET: 'a'.repeat(32) },
  },
  {
    name: 'SIGNALBOX_JWT_SECRET',
    field: 'jwtSecret',
    good: [
      ['0123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef'],
      ['ein sehr geheimes Wort, länger als 32', 'ein sehr geheimes Wort, länger als 32'],
    ],
    wrong: ['hunter2-0123456789abcdef0123456'],
    expected: /expected at least 32 characters/,
  },
  {
    name: 'SIGNALBOX_JWKS_URL',
    field: 'jwksUrl',
    good: [['https://issuer/jwks', 'https://issuer/jwks']],
    wrong: ['ftp://hunter2@issuer/jwks', 'hunter2', 'issuer/jwks', 'https://us:hunter2@issuer/jwks'],
    expected: /expected a URL like https:\/\/issuer\/\.well-known\/jwks\.json/,
  },
  {
    name: 'SIGNALBOX_JWT_ISSUER',
    field: 'jwtIssuer',
    good: [['https://issuer/', 'https://issuer/']],
    wrong: [],
    expected: /./,
    beside: { SIGNALBOX_JWKS_URL: 'https://issuer/jwks' },
  },
  {
    name: 'SIGNALBOX_JWT_AUDIENCE',
    field: 'jwtAudience',
    good: [
      ['signalbox', ['signalbox']],
      ['signalbox, https://api/', ['signalbox', 'https://api/']],
    ],
    wrong: ['a,,b'],
    expected: /expected names, separated by commas or as a list in JSON/,
    beside: { SIGNALBOX_JWKS_URL: 'https://issuer/jwks' },
  },
  {
    name: 'SIGNALBOX_RATE_LIMITS',
    field: 'rateLimits',
    good: [
      ['off', {}],
      ['trial=5', { trial: 5 }],
      ['a=1, b-2_c=999999999', { a: 1, 'b-2_c': 999_999_999 }],
      ['{"a":1,"b":2}', { a: 1, b: 2 }],
    ],
    wrong: [
      '{"a":"1"}',
      '{"a":1',
      '{}',
      'free',
      'free=0',
      'free=-1',
      'free=1.5',
      'free=1,free=2',
      'unlimited=1',
      'Free=1',
      'free=1,',
      '__proto__=1',
    ],
    expected: /expected "off", or tiers with their points an hour like free=100,solo=1000,team=10000/,
  },
  {
    name: 'SIGNALBOX_DEFAULT_TIER',
    field: 'defaultTier',
    good: [
      ['free', 'free'],
      ['unlimited', 'unlimited'],
    ],
    wrong: ['Gold!', 'a,b'],
    expected: /expected the name of a tier, or unlimited/,
  },
  {
    name: 'SIGNALBOX_MAX_FAILED_SIGN_INS',
    field: 'maxFailedSignIns',
    good: [
      ['0', 0],
      ['1000000', 1_000_000],
    ],
    wrong: ['-1', '1000001', 'few'],
    expected: /expected a whole number from 0 to 1000000/,
  },
  {
    name: 'SIGNALBOX_TRUSTED_PROXIES',
    field: 'trustedProxies',
    good: [
      ['2', 2],
      ['10.0.0.0/8, fd00::/8', ['10.0.0.0/8', 'fd00::/8']],
      ['192.0.2.1', ['192.0.2.1']],
    ],
    wrong: ['0', '30', 'all', '10.0.0.0/33', '10.0.0.0/8,', 'proxy.example'],
    expected: /expected a number of proxies from 1 to 29, or networks like 10\.0\.0\.0\/8,fd00::\/8/,
  },
  {
    name: 'SIGNALBOX_CATEGORIES',
    field: 'categories',
    good: [
      ['one', ['one']],
      ['one, two ,drei', ['one', 'two', 'drei']],
      ['*', '*'],
      ['["*"]', '*'],
    ],
    wrong: ['one,*', 'one,,two', ',', 'one,t@o', 'a:b', 'two words', 'one,two,'],
    expected:
      /expected \* or names without "@", ":" and white space, separated by commas or as a list in JSON/,
  },
  {
    name: 'SIGNALBOX_ASSET_SCHEMES',
    field: 'assetUrlSchemes',
    good: [
      ['https', ['https']],
      ['HTTPS, s3 ,git+ssh', ['https', 's3', 'git+ssh']],
    ],
    wrong: ['https:', 'https,,s3', '3s', 'two words', 'https,', 'https,javascript', 'data', 'VBScript'],
    expected: /expected (schemes like https, separated by commas|none of javascript, data, vbscript)/,
  },
  {
    name: 'SIGNALBOX_REDIS_TLS',
    field: 'redisTls',
    good: [['verify-ca', { ...DEFAULTS.redisTls, mode: 'verify-ca' }]],
    wrong: ['on', 'verify'],
    expected: /expected verify-full, verify-ca or require/,
    beside: { REDIS_URL: 'rediss://host' },
  },
  ...(['CA', 'CERT', 'KEY'] as const).map((what): Setting => {
    const own = `SIGNALBOX_REDIS_${what}_FILE`;
    const pair = { SIGNALBOX_REDIS_CERT_FILE: 'other.pem', SIGNALBOX_REDIS_KEY_FILE: 'other.pem' };
    const others = what === 'CA' ? {} : { ...pair, [own]: 'own.pem' };
    const read = what === 'CA' ? {} : { certFile: 'other.pem', keyFile: 'other.pem' };
    return {
      name: own,
      field: 'redisTls',
      good: [['own.pem', { ...DEFAULTS.redisTls, ...read, [`${what.toLowerCase()}File`]: 'own.pem' }]],
      wrong: [],
      expected: /./,
      beside: { REDIS_URL: 'rediss://host', ...others },
    };
  }),
  {
    name: 'SIGNALBOX_WORKER_TIMEOUT_SECONDS',
    field: 'workerTimeoutSeconds',
    good: [
      ['1', 1],
      ['86400', 86_400],
    ],
    wrong: ['0', '86401', '1m', '1.5'],
    expected: /expected a whole number from 1 to 86400/,
  },
  {
    name: 'SIGNALBOX_SWEEP_INTERVAL_SECONDS',
    field: 'sweepIntervalSeconds',
    good: [['1', 1]],
    wrong: ['0', '86401', 'often'],
    expected: /expected a whole number from 1 to 86400/,
  },
  {
    name: 'SIGNALBOX_JOB_IDLE_SECONDS',
    field: 'jobIdleSeconds',
    good: [
      ['0', 0],
      ['31536000', 31_536_000],
    ],
    wrong: ['-1', '31536001', 'never'],
    expected: /expected a whole number from 0 to 31536000/,
  },
  {
    name: 'SIGNALBOX_CORS_ORIGINS',
    field: 'corsOrigins',
    good: [
      ['https://app.example.com', ['https://app.example.com']],
      ['http://localhost:5173, https://b.example', ['http://localhost:5173', 'https://b.example']],
    ],
    wrong: ['*', 'app.example.com', 'https://a.example/', 'https://a.example/app', 'null', 'ftp://a.example'],
    expected: /expected origins like https:\/\/app.example.com/,
  },
  ...(['COMPLETED', 'FAILED', 'DEAD_LETTER', 'EVENT', 'STATISTICS'] as const).map((what): Setting => {
    const name = what === 'DEAD_LETTER' ? 'deadLetter' : what.toLowerCase();
    return {
      name: `SIGNALBOX_RETENTION_${what}_DAYS`,
      field: 'retentionDays',
      good: [['36500', { ...DEFAULTS.retentionDays, [name]: 36_500 }]],
      wrong: ['0', '36501', 'never'],
      expected: /expected a whole number from 1 to 36500/,
    };
  }),
  {
    name: 'SIGNALBOX_WEBHOOK_ALLOW_PRIVATE',
    field: 'webhookAllowPrivate',
    good: [['on', true]],
    wrong: ['yes', 'true'],
    expected: /expected on or off/,
  },
  {
    name: 'SIGNALBOX_INTROSPECTION',
    field: 'introspection',
    good: [
      ['on', true],
      ['off', false],
    ],
    wrong: ['yes', 'false', '0'],
    expected: /expected on or off/,
  },
  {
    name: 'SIGNALBOX_DASHBOARD',
    field: 'dashboard',
    good: [
      ['read-only', 'read-only'],
      ['off', 'off'],
    ],
    wrong: ['yes', 'readonly'],
    expected: /expected on, read-only or off/,
  },
  {
    name: 'SIGNALBOX_TRUSTED_DOCUMENTS',
    field: 'trustedDocuments',
    good: [['app.json, sdk-documents.json', ['app.json', 'sdk-documents.json']]],
    wrong: [',', 'a.json,,b.json'],
    expected: /expected paths of files/,
  },
  {
    name: 'SIGNALBOX_SOCKETS_PER_CALLER',
    field: 'socketsPerCaller',
    good: [['1', 1]],
    wrong: ['0', '1000001'],
    expected: /expected a whole number from 1 to 1000000/,
  },
  {
    name: 'SIGNALBOX_SOCKETS_PER_ADDRESS',
    field: 'socketsPerAddress',
    good: [['1', 1]],
    wrong: ['0', '1000001'],
    expected: /expected a whole number from 1 to 1000000/,
  },
  {
    name: 'SIGNALBOX_MAX_CONNECTIONS',
    field: 'maxConnections',
    good: [['1', 1]],
    wrong: ['0', '1000001'],
    expected: /expected a whole number from 1 to 1000000/,
  },
  {
    name: 'LOG_LEVEL',
    field: 'logLevel',
    good: [
      ['debug', 'debug'],
      ['silent', 'silent'],
    ],
    wrong: ['INFO', 'verbose', '3'],
    expected: /expected one of .*"info"/,
  },
];

const cases = {
  good: SETTINGS.flatMap(({ good, ...setting }) =>
    good.map(([text, value]) => ({ ...setting, text, value })),
  ),
  wrong: SETTINGS.flatMap(({ wrong, ...setting }) => wrong.map((text) => ({ ...setting, text }))),
};

/** Every setting that is a list. */
const LISTS: { name: string; field: keyof Config; items: string[]; beside?: Record<string, string> }[] = [
  { name: 'REDIS_URL', field: 'redisUrl', items: ['redis://a:1', 'redis://b:2'] },
  {
    name: 'SIGNALBOX_JWT_AUDIENCE',
    field: 'jwtAudience',
    items: ['a', 'b'],
    beside: { SIGNALBOX_JWKS_URL: 'https://issuer/jwks' },
  },
  { name: 'SIGNALBOX_RATE_LIMITS', field: 'rateLimits', items: ['a=1', 'b=2'] },
  { name: 'SIGNALBOX_TRUSTED_PROXIES', field: 'trustedProxies', items: ['10.0.0.0/8', '192.0.2.1'] },
  { name: 'SIGNALBOX_CATEGORIES', field: 'categories', items: ['custom', 'other'] },
  { name: 'SIGNALBOX_ASSET_SCHEMES', field: 'assetUrlSchemes', items: ['https', 's3'] },
  { name: 'SIGNALBOX_CORS_ORIGINS', field: 'corsOrigins', items: ['https://a.example', 'https://b.example'] },
  { name: 'SIGNALBOX_TRUSTED_DOCUMENTS', field: 'trustedDocuments', items: ['a.json', 'b.json'] },
];

describe('the settings', () => {
  it('have defaults that need no configuration', () => {
    expect(readConfig({})).toEqual(DEFAULTS);
  });

  it('are all described here', () => {
    expect([...new Set(SETTINGS.map(({ field }) => field))].sort()).toEqual(Object.keys(DEFAULTS).sort());
  });

  it.each(SETTINGS)('take an empty $name for one that is not set', ({ name }) => {
    expect(readConfig({ [name]: '' })).toEqual(DEFAULTS);
    expect(readConfig({ [name]: '  ' })).toEqual(DEFAULTS);
  });

  it.each(cases.good)('read $name=$text', ({ name, field, text, value, beside }) => {
    expect(readConfig({ [name]: text, ...beside })).toMatchObject({
      ...readConfig(beside ?? {}),
      [field]: value,
    });
  });

  it('take any category with an embedded database, and a list of usual ones on PostgreSQL', () => {
    expect(readConfig({}).categories).toBe('*');
    const url = { DATABASE_URL: 'postgres://db/app' };
    expect(readConfig(url).categories).toEqual(['modifiers', 'selections', 'analysis', 'general']);
    expect(readConfig({ ...url, SIGNALBOX_CATEGORIES: '*' }).categories).toBe('*');
    expect(readConfig({ SIGNALBOX_CATEGORIES: 'one' }).categories).toEqual(['one']);
  });

  it.each(['SIGNALBOX_ADMIN_TOKEN', 'SIGNALBOX_JWT_SECRET'])(
    'refuse a %s of before without one of now',
    (name) => {
      const previous = `${name}_PREVIOUS`;
      expect(complaint({ [previous]: 'x'.repeat(32) })).toContain(
        `${previous}: expected together with ${name}`,
      );
    },
  );

  it('refuse the way past a pooler where no database is named', () => {
    expect(complaint({ SIGNALBOX_DIRECT_DATABASE_URL: 'postgres://db/app' })).toContain(
      'SIGNALBOX_DIRECT_DATABASE_URL: expected together with DATABASE_URL',
    );
  });

  it.each(LISTS)(
    'read $name by commas and as JSON, and nothing that is half of it',
    ({ name, field, items, beside }) => {
      const read = (text: string) => readConfig({ [name]: text, ...beside })[field];
      expect(read(JSON.stringify(items))).toEqual(read(items.join(',')));
      expect(read(` [ "${items[0]}" ] `)).toEqual(read(items[0] as string));
      const [item] = items;
      const halves = [
        `["${item}"`,
        `[${item}]`,
        `"${item}"`,
        `'${item}'`,
        `{"${item}"}`,
        `["${item}",1]`,
        `[["${item}"]]`,
        '[]',
      ];
      for (const half of halves)
        expect(complaint({ [name]: half, ...beside })).toMatch(`  ${name}: expected `);
    },
  );

  it('refuse what is meant for TLS where Redis has none, and half of a certificate', () => {
    expect(complaint({ REDIS_URL: 'redis://host', SIGNALBOX_REDIS_CA_FILE: 'ca.pem' })).toContain(
      'SIGNALBOX_REDIS_CA_FILE: expected together with a REDIS_URL that begins with rediss://',
    );
    expect(complaint({ REDIS_URL: 'rediss://host', SIGNALBOX_REDIS_KEY_FILE: 'key.pem' })).toContain(
      'SIGNALBOX_REDIS_CERT_FILE: expected together with SIGNALBOX_REDIS_KEY_FILE',
    );
  });

  it('refuse a Sentinel by its name', () => {
    expect(complaint({ REDIS_URL: 'redis+sentinel://host:26379/mymaster' })).toContain(
      'REDIS_URL: Sentinel is not supported: name the Redis itself',
    );
  });

  it('refuse a default tier that there is not', () => {
    const settings = { SIGNALBOX_RATE_LIMITS: 'a=1,b=2', SIGNALBOX_DEFAULT_TIER: 'free' };
    expect(complaint(settings)).toContain(
      'SIGNALBOX_DEFAULT_TIER: expected one of a, b, unlimited (it is "free")',
    );
  });

  it.each(['SIGNALBOX_JWT_ISSUER', 'SIGNALBOX_JWT_AUDIENCE'])(
    'refuse %s where no tokens are taken',
    (name) => {
      expect(complaint({ [name]: 'x' })).toContain(
        `${name}: expected together with SIGNALBOX_JWT_SECRET or SIGNALBOX_JWKS_URL`,
      );
    },
  );

  it.each(cases.wrong)(
    'refuse $name=$text, by name, and say what was expected',
    ({ name, text, expected }) => {
      const message = complaint({ [name]: text });
      expect(message).toMatch(expected);
      // A headline, and one line for the setting.
      const [headline, ...lines] = message.split('\n');
      expect(headline).toBe('Wrong settings.');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(new RegExp(`^  ${name}: expected `));
    },
  );

  it('are shown as they are, unless they may hold a secret', () => {
    expect(complaint({ PORT: 'http' })).toContain('(it is "http")');
    const secret = cases.wrong.filter(({ text }) => text.includes('hunter2'));
    expect(new Set(secret.map(({ name }) => name))).toEqual(
      new Set(
        SETTINGS.map(({ name }) => name).filter((name) => /(TOKEN|SECRET)(_PREVIOUS)?$|URL$/.test(name)),
      ),
    );
    for (const { name, text } of secret) expect(complaint({ [name]: text })).not.toContain('hunter2');
  });

  it('are told about all at once, when several are wrong', () => {
    const wrong = Object.fromEntries(cases.wrong.map(({ name, text }) => [name, text]));
    const lines = complaint({ ...wrong, SIGNALBOX_DATA_DIR: '/fine' })
      .split('\n')
      .slice(1);
    expect(lines.map((line) => line.trim().split(':')[0]).sort()).toEqual(Object.keys(wrong).sort());
  });

  it('are known by name: what looks like one is told', () => {
    const environment = {
      ...{ SIGNALBOX_ADMN_TOKEN: 'x', SIGNALBOX_DATA_DIR: 'x', SIGNALBOX_toString: 'x', PORTS: '1' },
      ...{
        SIGNALBOX_URL: 'x',
        SIGNALBOX_TOKEN: 'x',
        SIGNALBOX_TEST_REDIS_URL: 'x',
        SIGNALBOX_DEMO_LAST_FILE: 'x',
      },
    };
    expect(unknownSettings(environment)).toEqual(['SIGNALBOX_ADMN_TOKEN', 'SIGNALBOX_toString']);
  });

  it('do not include what belongs to others', () => {
    expect(readConfig({ PATH: '/bin', SIGNALBOX_URL: 'http://elsewhere', NODE_ENV: 'production' })).toEqual(
      DEFAULTS,
    );
  });
});

describe('a secret in a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-secrets-'));
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };

  it.each(IN_FILES)('is the value of %s, without the end of its line', (name) => {
    const value = name.endsWith('URL')
      ? `${name === 'REDIS_URL' ? 'redis' : 'postgres'}://h/0`
      : 'x'.repeat(32);
    const beside = {
      DATABASE_URL: 'postgres://db/app',
      SIGNALBOX_ADMIN_TOKEN: 'y'.repeat(32),
      SIGNALBOX_JWT_SECRET: 'z'.repeat(32),
      [name]: undefined,
    } as Record<string, string>;
    for (const text of [value, `${value}\n`, `${value}\r\n`]) {
      const settings = { ...beside, [`${name}_FILE`]: file(name, text) };
      expect(readConfig(settings)).toEqual(readConfig({ ...beside, [name]: value }));
    }
    expect(unknownSettings({ [`${name}_FILE`]: '/x' })).toEqual([]);
  });

  it('is refused where it is not to be had, empty, wrong or there twice, and never repeated', () => {
    const name = 'SIGNALBOX_ADMIN_TOKEN_FILE';
    expect(complaint({ [name]: join(directory, 'none') })).toContain(
      `${name}: expected a file that can be read (ENOENT)`,
    );
    expect(complaint({ [name]: directory })).toContain('(EISDIR)');
    expect(complaint({ [name]: file('empty', '\n') })).toContain(
      `${name}: expected a file that is not empty`,
    );
    const short = complaint({ [name]: file('short', 'hunter2') });
    expect(short).toMatch(/SIGNALBOX_ADMIN_TOKEN: expected at least 16/);
    expect(short).not.toContain('hunter2');
    const twice = { [name]: file('good', 'x'.repeat(16)), SIGNALBOX_ADMIN_TOKEN: 'y'.repeat(16) };
    expect(complaint(twice)).toContain(`${name}: expected without SIGNALBOX_ADMIN_TOKEN: one of the two`);
  });
});
