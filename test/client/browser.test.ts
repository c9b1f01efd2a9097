import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../support/modules.ts';

const CLIENT = fileURLToPath(new URL('../../src/client/', import.meta.url));

describe('the client in a browser', () => {
  it('needs nothing but the protocol, and a WebSocket class only where the runtime has none', () => {
    const modules = readdirSync(CLIENT).filter((name) => name.endsWith('.ts'));
    const packages = new Set(
      modules
        .flatMap((name) => importsOf(readFileSync(CLIENT + name, 'utf8')))
        .filter((specifier) => !specifier.startsWith('.')),
    );
    expect([...packages].sort()).toEqual(['eventsource-parser', 'graphql-ws/client', 'ws']);
  });

  it('loads that class only when it is missing', () => {
    const statically = readdirSync(CLIENT)
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /^import .*'ws'/m.test(readFileSync(CLIENT + name, 'utf8')));
    expect(statically).toEqual([]);
  });
});
