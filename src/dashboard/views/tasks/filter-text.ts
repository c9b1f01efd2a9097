/** Conditions as people type them: `error:ECONNREFUSED ended:noon label.album:"last summer" timeout`. */
import { CONDITIONS } from './conditions.ts';

/** A name that may stand in front of a colon. */
function isConditionName(name: string): boolean {
  return (
    name === 'status' ||
    CONDITIONS.some((known) => known.name === name) ||
    /^(label|payload)\.[^\s:]+$/.test(name)
  );
}

/**
 * What the address is to have. Words without a name, and such as have a colon by chance, are looked for in error
 * messages; of a name that comes twice the last counts.
 */
export function readFilterText(text: string): Record<string, string> {
  const search: Record<string, string> = {};
  const words: string[] = [];
  for (const [token] of text.matchAll(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g)) {
    const at = token.indexOf(':');
    const name = token.slice(0, Math.max(0, at));
    if (isConditionName(name)) {
      const value = unquoted(token.slice(at + 1));
      if (value !== '') search[name] = name === 'status' ? value.toUpperCase() : value;
    } else words.push(unquoted(token));
  }
  return words.length > 0 ? { ...search, q: words.join(' ') } : search;
}

/** One condition as it is typed. */
export function writeCondition(name: string, value: string): string {
  return `${name}:${/[\s"\\]/.test(value) ? JSON.stringify(value) : value}`;
}

function unquoted(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"?/g, (_all, inner: string) => inner.replace(/\\(.)/g, '$1'));
}

/** What is being typed: the token at the end, and everything before it. */
export function lastToken(text: string): { before: string; name: string | undefined; value: string } {
  const start = /[^\s]*$/.exec(text)?.index ?? text.length;
  const token = text.slice(start);
  const at = token.indexOf(':');
  const before = text.slice(0, start);
  if (at < 0) return { before, name: undefined, value: token };
  return { before, name: token.slice(0, at), value: token.slice(at + 1) };
}
