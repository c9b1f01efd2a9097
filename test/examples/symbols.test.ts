import { beforeAll, describe, expect, it } from 'vitest';
import { loadSymbolReader, type SymbolReader } from '../../examples/index-source/symbols.ts';

describe('reading what a file exports', () => {
  let read: SymbolReader;

  beforeAll(async () => {
    read = await loadSymbolReader();
  });

  it.each([
    ['functions', 'export function f() {}\nexport async function* g() {}', ['f', 'g']],
    ['classes', 'export class A {}\nexport abstract class B {}', ['A', 'B']],
    ['types', 'export type T = 1;\nexport interface I {}\nexport enum E {}', ['T', 'I', 'E']],
    ['variables', 'export const a = 1, b = 2;\nexport let c;', ['a', 'b', 'c']],
    ['patterns', 'export const { a, b: [c, , d], ...e } = f();', ['a', 'c', 'd', 'e']],
    ['lists, by the name outside', 'const a = 1;\nexport { a as b };', ['b']],
    ['what is passed on', "export { x, y as z } from './other';", ['x', 'z']],
    ['namespaces that are passed on', "export * as everything from './other';", ['everything']],
    ['nothing of a star', "export * from './other';", []],
    ['defaults', 'export default class A {}', ['default']],
    ['default expressions', 'export default 1;', ['default']],
    [
      'overloads once',
      'export function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a) {}',
      ['f'],
    ],
    ['declarations', 'export declare const a: 1;\nexport declare function f(): void;', ['a', 'f']],
    ['nothing that is not exported', 'const a = 1;\nfunction f() {}\nimport b from "b";', []],
    ['what there is in a broken file', 'export const a = ;\nexport function b( {', ['a', 'b']],
  ])('finds %s', (_what, text, names) => {
    expect(read('file.ts', text)).toEqual(names);
  });

  it('reads JSX in .tsx files', () => {
    expect(read('file.tsx', 'export const a = <b>{1}</b>;')).toEqual(['a']);
  });
});
