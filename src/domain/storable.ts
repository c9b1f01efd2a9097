/** Text that databases keep. */

/** PostgreSQL takes neither NUL nor half a surrogate pair in text: what has them is the name of nothing. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
