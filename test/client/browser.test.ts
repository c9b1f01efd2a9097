import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/modules.ts';

const CLIENT = fileURLToPath(new URL('../../src/client/', import.meta.url));

const files = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
);
/** Everything but the worker, which is for Node, and the hooks, which are for React. */
const modules = files.filter((name) => !/^(worker|react)\//.test(name));

function packagesOf(names: string[]) {
  const imported = names
    .flatMap((name) => importsOf(readFileSync(CLIENT + name, 'utf8')))
    .filter((specifier) => !specifier.startsWith('.'));
  return [...new Set(imported)].sort();
}

describe('the client in a browser', () => {
  it('needs nothing but the protocol, and what Node lacks where it runs there', () => {
    expect(packagesOf(modules)).toEqual([
      '@graphql-typed-document-node/core',
      'eventsource-parser',
      'graphql-ws/client',
      'undici',
      'ws',
    ]);
  });

  it('needs React for its hooks alone', () => {
    const hooks = files.filter((name) => name.startsWith('react/'));
    expect(packagesOf(hooks)).toEqual(['react']);
  });

  it('loads what is for Node only there', () => {
    const statically = modules.filter((name) =>
      /^import .*'(ws|undici)'/m.test(readFileSync(CLIENT + name, 'utf8')),
    );
    expect(statically).toEqual([]);
  });
});
