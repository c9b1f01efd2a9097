/**
 * Answers all who ask in the same moment by one call. The call is made after everybody it answers has asked, so
 * nobody gets an answer that is older than the question.
 */
export function coalesce<T>(call: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined;
  let current: Promise<unknown> = Promise.resolve();

  return () => {
    if (!next) {
      const after = current;
      next = (async () => {
        await after;
        next = undefined;
        return call();
      })();
      current = next.catch(() => {});
    }
    return next;
  };
}
