/** What browsers may do with an answer: with data nothing but read it, with a page only what it needs. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import helmet from 'helmet';

/** For everything that is no page: helmet's many headers would weigh more than most answers. */
export function protectData(response: ServerResponse): void {
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
}

export interface ProtectedPage {
  html: Buffer;
  /** Of its text: a browser that has it asks whether it is still the same. */
  etag: string;
  protect: ReturnType<typeof helmet>;
  /** Compressed when it is first asked for like that. */
  compressed: Map<string, Promise<Buffer>>;
}

/** Sends a page, which may run the scripts that stand in it and load nothing from elsewhere. */
export async function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  page: ProtectedPage,
): Promise<void> {
  await new Promise<void>((done) => page.protect(request, response, () => done()));
  response.setHeader('cache-control', 'no-cache');
  response.setHeader('etag', page.etag);
  response.appendHeader('vary', 'Accept-Encoding');
  if (hasAlready(request, page)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  const encoding = encodingFor(request);
  const body = encoding === undefined ? page.html : await compressed(page, encoding);
  if (encoding !== undefined) response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', body.length);
  response.end(body);
}

/** Whether the browser has it already, by its `If-None-Match`. */
export function hasAlready({ headers }: IncomingMessage, { etag }: { etag: string }): boolean {
  return headers['if-none-match']?.split(',').some((known) => known.trim() === etag) ?? false;
}

const COMPRESS = {
  // The best level takes half a minute for the explorer; this one half a second, and 2 MB instead of 9.
  br: (html: Buffer) => promisify(brotliCompress)(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (html: Buffer) => promisify(gzip)(html),
};
type Encoding = keyof typeof COMPRESS;

/** The best compression that the browser takes. */
export function encodingFor({ headers }: IncomingMessage): Encoding | undefined {
  const accepted = String(headers['accept-encoding'] ?? '')
    .split(',')
    .filter((item) => !/;\s*q=0(\.0*)?\s*$/.test(item))
    .map((item) => item.split(';')[0]?.trim().toLowerCase());
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

/** In a thread of its own. */
function compressed({ html, compressed: made }: ProtectedPage, encoding: Encoding): Promise<Buffer> {
  let body = made.get(encoding);
  if (!body) {
    body = COMPRESS[encoding](html);
    made.set(encoding, body);
  }
  return body;
}

/** A page, and the policy that its text needs: made once, not for every request. */
export function toPage(html: string): ProtectedPage {
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return {
    html: Buffer.from(html),
    // Weak: the same for each compression.
    etag: `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 32)}"`,
    compressed: new Map(),
    protect: helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': hashes.length > 0 ? hashes : ["'none'"],
          // Editors place what they show by styles on elements.
          'style-src': ["'unsafe-inline'"],
          'img-src': ["'self'", 'data:'],
          'font-src': ["'self'", 'data:'],
          'connect-src': ["'self'"],
          'worker-src': ['blob:'],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      // For whoever ends TLS in front to decide: it binds every port of the host name.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
  };
}
