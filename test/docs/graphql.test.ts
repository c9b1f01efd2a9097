/** What readers paste: every operation of the documentation is one that the schema takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { blocksOf, ROOT } from './blocks.ts';

const schema = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'));

/** The operations in the bodies of requests that shell blocks send. */
const sent = blocksOf('sh').flatMap(({ where, text }) =>
  [...text.matchAll(/'(\{"query":.*\})'/g)].map(([, body = '']) => ({
    where,
    text: JSON.parse(body).query as string,
  })),
);

it('finds operations in blocks of GraphQL, and in requests', () => {
  expect(blocksOf('graphql').length).toBeGreaterThanOrEqual(3);
  expect(sent.length).toBeGreaterThanOrEqual(3);
});

it.each([...blocksOf('graphql'), ...sent])('the operation at $where is valid', ({ text }) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});
