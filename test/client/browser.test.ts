import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/modules.ts';

const CLIENT = fileURLToPath(new URL('../../src/client/', import.meta.url));

/** Everything but the worker, which is for Node. */
const modules = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('worker/'),
);

describe('the client in a browser', () => {
  it('needs nothing but the protocol, and what Node lacks where it runs there', () => {
    const packages = new Set(
      modules
        .flatMap((name) => importsOf(readFileSync(CLIENT + name, 'utf8')))
        .filter((specifier) => !specifier.startsWith('.')),
    );
    expect([...packages].sort()).toEqual([
      '@graphql-typed-document-node/core',
      'eventsource-parser',
      'graphql-ws/client',
      'undici',
      'ws',
    ]);
  });

  it('loads what is for Node only there', () => {
    const statically = modules.filter((name) =>
      /^import .*'(ws|undici)'/m.test(readFileSync(CLIENT + name, 'utf8')),
    );
    expect(statically).toEqual([]);
  });
});
