/** What can be read from whatever was thrown. */

/** Its `code`: of the system (`ENOENT`), of a driver, or an SQLSTATE; undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Its text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
