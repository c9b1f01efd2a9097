/** traceparent of W3C Trace Context, version 00: 00-(trace id)-(span id)-(flags), all in lower-case hex digits. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The text where it is a traceparent; anything else is no reason to refuse what came with it, and counts as none. */
export function traceparentOf(text: unknown): string | null {
  return typeof text === 'string' && TRACEPARENT.test(text) ? text : null;
}
