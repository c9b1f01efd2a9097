/**
 * The value, which the code before it has made sure of: an element within its list, the entry of a key that was set.
 * @throws Error where that is a mistake
 */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A value that must be there is missing');
  return value;
}
