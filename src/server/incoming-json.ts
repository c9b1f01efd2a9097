/**
 * JSON from outside, looked at as text before anything is made of it: nested no deeper than what recurses over it can
 * follow, and with every number that JavaScript would round marked, see exact-numbers.ts.
 */
import { isKept, markInexact } from '../domain/exact-numbers.ts';

/** Levels of objects and arrays at most: more than any input has, and few enough for whatever recurses. @internal */
export const MAX_LEVELS = 128;

/** The refusal of JSON that has more levels. */
export const TOO_DEEP = `JSON may be nested ${MAX_LEVELS} levels deep at most, the request included.`;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** The text, with numbers that are not kept marked; null when it is nested too deep. Whether it is JSON is not judged. */
export function admitJson(text: string): string | null {
  let admitted = '';
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // `[` and `{`, `]` and `}` differ by one bit.
    if ((code & 0xdf) === 0x5b) {
      if (++depth > MAX_LEVELS) return null;
    } else if ((code & 0xdf) === 0x5d) {
      depth--;
    } else if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (!isShort(number) && !isKept(number)) {
        admitted += text.slice(copied, at) + JSON.stringify(markInexact(number));
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : admitted + text.slice(copied);
}

/** Where the string that begins here has its closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

const NUMBER = /[-+.\deE]*/y;

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  return NUMBER.lastIndex;
}

/** So short that it is kept, whatever it is. */
function isShort(number: string): boolean {
  return number.length <= 15 && !/[eE]/.test(number);
}
