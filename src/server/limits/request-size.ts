/** How large a request may be; the client SDK refuses larger ones before it sends them. */

/** Bytes of the body of a POST at most. */
export const MAX_BODY_BYTES = 262_144;

/** Bytes of one message from a WebSocket at most. */
export const MAX_MESSAGE_BYTES = 131_072;
