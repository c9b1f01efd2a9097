/** The image and docker-compose.yml against the program that they start. No Docker engine is needed. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(ROOT + path, 'utf8');

const dockerfile = read('Dockerfile');
const compose = read('docker-compose.yml');
const server = compose.slice(compose.indexOf('x-server:'), compose.indexOf('\nservices:'));

/** What the image sets by itself. */
const imageEnvironment = Object.fromEntries(
  [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, pairs = '']) =>
    pairs.split(' ').map((pair) => pair.split('=', 2)),
  ),
);

/** What docker-compose.yml sets for a server, with the variables of whoever runs it filled in. */
function composeEnvironment(variables: Record<string, string>): Record<string, string> {
  const block = /\n {2}environment:\n((?: {4}.+\n)+)/.exec(server)?.[1] ?? '';
  const filled = block.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, kind, text) => {
    if (variables[name]) return variables[name];
    if (kind === '?') throw new Error(`${name} ${text}`);
    return text ?? '';
  });
  return Object.fromEntries(
    [...filled.matchAll(/^ {4}(\w+): (.+)$/gm)].map(([, name, value]) => [name, value]),
  );
}

describe('the image', () => {
  it('listens for others and keeps its data in the volume', () => {
    const { host, port, dataDir } = readConfig(imageEnvironment);
    expect({ host, port, dataDir }).toEqual({ host: '0.0.0.0', port: 4000, dataDir: '/data' });
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
    expect(dockerfile).toMatch(/^EXPOSE 4000$/m);
  });

  it('does not run as root', () => {
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
  });

  it('is built from files that are there', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path as string);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from|\. )(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(allowed.filter((path) => !existsSync(ROOT + path))).toEqual([]);
    expect(copied.filter((path) => !allowed.includes(path))).toEqual([]);
  });

  it('has a Node.js that the package supports', () => {
    const oldest = /(\d+)/.exec(JSON.parse(read('package.json')).engines.node)?.[1];
    for (const [, major] of dockerfile.matchAll(/^FROM node:(\d+)/gm)) {
      expect(Number(major)).toBeGreaterThanOrEqual(Number(oldest));
    }
  });
});

describe('docker-compose.yml', () => {
  const token = 'a-token-of-thirty-two-characters';

  it('gives every server the shared PostgreSQL, the shared Redis and the given token', () => {
    const config = readConfig({
      ...imageEnvironment,
      ...composeEnvironment({ SIGNALBOX_ADMIN_TOKEN: token, POSTGRES_PASSWORD: 'a-password' }),
    });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      databaseUrl: 'postgres://signalbox:a-password@postgres:5432/signalbox',
      redisUrl: 'redis://redis:6379',
      adminToken: token,
    });
  });

  it('refuses to start without an administrator token, or a password for its database', () => {
    const secrets = { SIGNALBOX_ADMIN_TOKEN: token, POSTGRES_PASSWORD: 'a-password' };
    for (const name of Object.keys(secrets)) {
      expect(() => composeEnvironment({ ...secrets, [name]: '' })).toThrow(`${name} must be set`);
    }
  });

  it('puts the servers that it starts behind the proxy', () => {
    const servers = [...compose.matchAll(/^ {2}(server-\d+):$/gm)].map(([, name]) => `${name}:4000`);
    expect(servers).toHaveLength(2);
    expect(read('deploy/Caddyfile')).toContain(`{$SIGNALBOX_SERVERS:${servers.join(' ')}}`);
  });
});
