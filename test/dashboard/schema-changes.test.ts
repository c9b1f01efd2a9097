/** What a version of a schema says it has changed. */
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../src/dashboard/views/job/schema-changes.ts';

const before = {
  type: 'object',
  required: ['picture'],
  properties: {
    picture: { type: 'string' },
    width: { type: 'integer', minimum: 16 },
    frame: { type: 'object', properties: { colour: { type: 'string' } } },
    formats: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
  },
};

describe('changes of a schema', () => {
  it('are none where only the order is another', () => {
    const { properties, ...rest } = before;
    const reversed = Object.fromEntries(Object.entries(properties).toReversed());
    expect(changesOf(before, { properties: reversed, ...rest })).toEqual([]);
  });

  it('name properties that are new or gone', () => {
    const { width: _, ...others } = before.properties;
    const after = { ...before, properties: { ...others, sharpen: { type: 'boolean' } } };
    expect(changesOf(before, after)).toEqual([
      { path: '/width', kind: 'removed', rules: [] },
      { path: '/sharpen', kind: 'added', rules: [] },
    ]);
  });

  it('name the rules that differ, within objects and lists', () => {
    const after = structuredClone(before);
    after.properties.width.minimum = 1;
    after.properties.frame.properties.colour.type = 'integer';
    after.properties.formats.items.properties.name.type = 'integer';
    expect(changesOf(before, after)).toEqual([
      { path: '/width', kind: 'changed', rules: ['minimum'] },
      { path: '/frame/colour', kind: 'changed', rules: ['type'] },
      { path: '/formats/*/name', kind: 'changed', rules: ['type'] },
    ]);
  });

  it('say what is required now, and what no longer', () => {
    expect(changesOf(before, { ...before, required: ['width'] })).toEqual([
      { path: '/picture', kind: 'changed', rules: ['no longer required'] },
      { path: '/width', kind: 'changed', rules: ['now required'] },
    ]);
  });

  it('are those of the whole where it has no properties', () => {
    expect(changesOf(true, { type: 'string' })).toEqual([
      { path: '/', kind: 'changed', rules: ['allows', 'type'] },
    ]);
  });
});
