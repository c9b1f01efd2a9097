import { buildSchema, type DocumentNode } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { createDocumentCache, useDocumentCache } from '../../../src/server/graphql/document-cache.ts';

const schema = buildSchema('type Query { a: Int }');

/** Parses and validates as every transport does, and counts how often that is work. */
function pipeline() {
  const work = { parsed: 0, validated: 0 };
  const counting: Plugin = {
    onParse: ({ parseFn, setParseFn }) =>
      setParseFn((source, options) => {
        work.parsed++;
        return parseFn(source, options);
      }),
    onValidate: ({ validateFn, setValidationFn }) =>
      setValidationFn((...args) => {
        work.validated++;
        return validateFn(...args);
      }),
  };
  const plugins = [counting, useDocumentCache(createDocumentCache())];
  const yoga = createYoga({ schema, parserAndValidationCache: false, plugins });
  const { parse, validate } = yoga.getEnveloped({});
  const check = (text: string) => {
    const document: DocumentNode = parse(text);
    return { document, errors: validate(schema, document) };
  };
  return { work, check };
}

it('a valid document is parsed and validated once', () => {
  const { work, check } = pipeline();
  const first = check('{ a }');
  expect(check('{ a }')).toEqual({ document: first.document, errors: [] });
  expect(work).toEqual({ parsed: 1, validated: 1 });
});

it('nothing is kept of a document that is refused: its errors hold the request that it came with', () => {
  const { work, check } = pipeline();
  const first = check('{ b }');
  const second = check('{ b }');
  expect(second.document).not.toBe(first.document);
  expect(second.errors[0]).not.toBe(first.errors[0]);
  expect(work).toEqual({ parsed: 2, validated: 2 });
  expect(() => check('{')).toThrow('Syntax Error');
  expect(() => check('{')).toThrow('Syntax Error');
  expect(work).toEqual({ parsed: 4, validated: 2 });
});

it('documents go when others need their memory, the least used first', () => {
  const { work, check } = pipeline();
  const large = (n: number) => `{ a } #${n}${'x'.repeat(8 * 1024 * 1024)}`;
  for (const n of [1, 2, 3]) check(large(n));
  check(large(1));
  expect(work.parsed).toBe(3);
  check(large(4));
  check(large(1));
  expect(work.parsed).toBe(4);
  check(large(2));
  expect(work.parsed).toBe(5);
});
