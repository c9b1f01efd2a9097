/** Filters as people type them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFilterText, writeCondition } from '../../src/dashboard/views/tasks/filter-text.ts';

describe('a filter as text', () => {
  it('is conditions by name, and words', () => {
    expect(readFilterText('error:ECONNREFUSED ended:noon label.album:summer no route')).toEqual({
      error: 'ECONNREFUSED',
      ended: 'noon',
      'label.album': 'summer',
      q: 'no route',
    });
  });

  it('keeps colons of values, and of words that are no names', () => {
    expect(readFilterText('job:lab:general:resize http://host:80')).toEqual({
      job: 'lab:general:resize',
      q: 'http://host:80',
    });
  });

  it('takes a status in small letters', () => {
    expect(readFilterText('status:failed,running')).toEqual({ status: 'FAILED,RUNNING' });
  });

  it('takes nothing of a name without a value', () => {
    expect(readFilterText('error: label.: ')).toEqual({ q: 'label.:' });
  });

  it('reads what it has written, whatever the value', () => {
    const name = fc.constantFrom('job', 'by', 'label.album', 'payload.user.id', 'ended');
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(name, value, (key, text) => {
        expect(readFilterText(writeCondition(key, text))).toEqual({ [key]: text });
      }),
    );
  });

  it('never fails', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void readFilterText(text)));
  });
});
