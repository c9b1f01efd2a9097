/** What a browser loads before it shows the first page. */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { buildProgram } from '../app/program.ts';
import { BUILD_MS } from './fixture.ts';

const DASHBOARD = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
const MOST_KB = 200;

beforeAll(buildProgram, BUILD_MS);

it(`is at most ${MOST_KB} KB, compressed by gzip`, () => {
  const html = readFileSync(`${DASHBOARD}index.html`, 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name]) => name);
  expect(files.length).toBeGreaterThan(2);
  const size = files.reduce((sum, name) => sum + statSync(`${DASHBOARD}${name}.gz`).size, 0);
  expect(size / 1024).toBeLessThan(MOST_KB);
});

it('has nothing inline that the policy would refuse', () => {
  const html = readFileSync(`${DASHBOARD}index.html`, 'utf8');
  expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
});
