import { describe, expect, it } from 'vitest';
import { schemaDifference } from '../../src/domain/schema-difference.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('two schemas are the same', () => {
  it.each([
    ['with their keys in another order', { type: 'string', maxLength: 1 }, { maxLength: 1, type: 'string' }],
    [
      'with other annotations',
      {
        ...object({ n: { type: 'integer', description: 'a', default: 1, examples: [1], readOnly: true } }),
        ...{ title: 'a', $comment: 'b' },
      },
      object({ n: { type: 'integer', description: 'b', writeOnly: true, deprecated: true } }),
    ],
    [
      'with annotations in parts of all kinds',
      {
        $defs: { a: { title: 'a', type: 'string' } },
        allOf: [{ title: 'a', minLength: 1 }],
        items: { description: 'a', prefixItems: [{ description: 'b' }] },
        not: { if: { title: 'a' }, patternProperties: { a: { title: 'a' } } },
      },
      {
        $defs: { a: { type: 'string' } },
        allOf: [{ minLength: 1 }],
        items: { prefixItems: [{}] },
        not: { if: {}, patternProperties: { a: {} } },
      },
    ],
    ['where one is true', true, true],
  ])('%s', (_what, registered, sent) => {
    expect(schemaDifference(registered, sent)).toBeNull();
    expect(schemaDifference(sent, registered)).toBeNull();
  });
});

describe('two schemas differ', () => {
  it.each([
    [
      'in a value',
      object({ n: { type: 'integer' } }),
      object({ n: { type: 'string' } }),
      '/properties/n/type',
    ],
    ['in a bound', object({ n: { minimum: 1 } }), object({ n: {} }), '/properties/n/minimum'],
    ['in a property', object({ n: {} }), object({ n: {}, m: {} }), '/properties/m'],
    ['in a property that is named as an annotation', object({ title: {} }), object({}), '/properties/title'],
    [
      'in what a title must be',
      object({ default: { maxLength: 1 } }),
      object({ default: {} }),
      '/properties/default/maxLength',
    ],
    ['in a constant', { const: { title: 'a' } }, { const: { title: 'b' } }, '/const/title'],
    ['in an enum', { enum: [{ description: 'a' }] }, { enum: [{ description: 'b' }] }, '/enum/0/description'],
    [
      'in the order of a list',
      object({}, { required: ['a', 'b'] }),
      object({}, { required: ['b', 'a'] }),
      '/required/0',
    ],
    [
      'in a keyword that nobody knows',
      { 'x/y~': { title: 'a' } },
      { 'x/y~': { title: 'b' } },
      '/x~1y~0/title',
    ],
    ['in a format', { format: 'email' }, { format: 'uri' }, '/format'],
    [
      'in __proto__',
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      { properties: {} },
      '/properties/__proto__',
    ],
    ['as a whole', true, {}, ''],
    ['in being there', null, { type: 'string' }, ''],
  ])('%s', (_what, registered, sent, path) => {
    expect(schemaDifference(registered, sent)?.path).toBe(path);
    expect(schemaDifference(sent, registered)?.path).toBe(path);
  });
});
