/**
 * Numbers of JSON that JavaScript does not keep: beyond 2^53 whole numbers have gaps, and 9007199254740993 would become
 * 9007199254740992 without a word. Fractions are kept to 17 digits, as everywhere where numbers are doubles.
 */

/** Whether the number that the text says, in JSON or GraphQL, is still the same when it is written again. */
export function isKept(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/^-?[\d.]*[1-9]/.test(text);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER || decimalOf(text) === decimalOf(String(value));
}

/** The same text for the same number: its digits without zeros around them, and the exponent. */
function decimalOf(text: string): string {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** How the text begins that stands for a number that is not kept: no text that is stored begins so. */
const BEGINNING = '\0number ';

/** Text that stands for the number until the input is validated, which refuses it with its path. */
export function markInexact(number: string): string {
  return BEGINNING + number;
}

/** Why the text is refused, where it stands for a number that is not kept. */
export function inexactReason(text: string): string | undefined {
  if (!text.startsWith(BEGINNING)) return undefined;
  const number = text.slice(BEGINNING.length);
  const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
  return `is ${shown}, which would be rounded: numbers are exact up to 9007199254740991 (2^53 - 1); send it as a string`;
}
