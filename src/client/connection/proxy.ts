/**
 * The proxy that the environment names for Node programs, whose own fetch passes it by: HTTPS_PROXY or HTTP_PROXY by the
 * address's scheme, unless NO_PROXY names the host. Bun and Deno look at these themselves.
 */

/** What a connection is made by through a proxy. */
export interface ProxiedConnection {
  fetch: typeof fetch;
  /** A class like the WebSocket of browsers. */
  webSocketImpl: unknown;
}

/** The address of the proxy for `url`; undefined where there is none. */
export function proxyFor(url: string): string | undefined {
  if (typeof process === 'undefined' || !process.versions?.node) return undefined;
  if (process.versions['bun'] || process.versions['deno']) return undefined;
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:' || protocol === 'wss:';
  const proxy = variable(secure ? 'https_proxy' : 'http_proxy');
  if (!proxy || isExcluded(hostname, port || (secure ? '443' : '80'))) return undefined;
  return /^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** Fetch and WebSocket that go through a proxy, both by CONNECT. */
export async function connectThrough(proxy: string): Promise<ProxiedConnection> {
  const undici = await import('undici');
  const dispatcher = new undici.ProxyAgent(proxy);
  return {
    fetch: ((input: string, init: object) => undici.fetch(input, { ...init, dispatcher })) as never,
    webSocketImpl: class extends undici.WebSocket {
      constructor(url: string, protocols: string) {
        super(url, { protocols, dispatcher });
      }
    },
  };
}

/** In small letters first, as curl reads them. */
function variable(name: string): string | undefined {
  return process.env[name] || process.env[name.toUpperCase()];
}

/** NO_PROXY: `*`, or names by commas, each with its subdomains, perhaps with a port. */
function isExcluded(hostname: string, port: string): boolean {
  const entries = (variable('no_proxy') ?? '').split(/[\s,]+/).filter(Boolean);
  return entries.some((entry) => {
    if (entry === '*') return true;
    const [, name = '', only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    return (hostname === name || hostname.endsWith(`.${name}`)) && (only === undefined || only === port);
  });
}
