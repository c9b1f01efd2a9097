/** The two addresses of a server's API, from the one that people know. */
export interface Address {
  /** For queries and mutations by POST. */
  http: string;
  /** For the WebSocket. */
  socket: string;
}

/**
 * `http://127.0.0.1:4000` → `http://127.0.0.1:4000/graphql` and `ws://127.0.0.1:4000/graphql`. A path that does
 * not end in /graphql is kept as a prefix; in a browser a relative address is one of the page's own server.
 */
export function addressOf(url: string | URL): Address {
  const page = globalThis.location?.href;
  if (!URL.canParse(String(url), page)) throw new TypeError(`Not an address of a server: ${url}`);
  const http = new URL(String(url), page);
  http.protocol = http.protocol.replace(/^ws/, 'http');
  if (http.protocol !== 'http:' && http.protocol !== 'https:') {
    throw new TypeError(`The address of a server starts with http: or https:, not with ${http.protocol}`);
  }
  const path = http.pathname.replace(/\/+$/, '');
  http.pathname = path.endsWith('/graphql') ? path : `${path}/graphql`;
  const socket = new URL(http);
  socket.protocol = http.protocol.replace(/^http/, 'ws');
  return { http: http.href, socket: socket.href };
}
