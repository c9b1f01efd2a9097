/**
 * The dashboard: static files, made by `npm run build`, read into memory at start. It holds no data: what it shows it
 * asks for, with the token of whoever uses it.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import helmet from 'helmet';
import { present } from '../../domain/present.ts';
import { encodingFor, hasAlready } from './security-headers.ts';

/** From the built server as from its sources. */
const DIRECTORY = fileURLToPath(new URL('../../../dist/dashboard/', import.meta.url));
const ASSETS = '/assets/';
/** What the first segment of a path may be; everything else is not found, so that a mistyped /graphql is. */
const SECTIONS = new Set([
  'tasks',
  'dead-letters',
  'jobs',
  'workers',
  'schedules',
  'operations',
  'events',
  'webhooks',
  'keys',
  'bulk',
]);

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

interface File {
  type: string;
  /** By content encoding; '' for as it is. */
  bodies: Map<string, Buffer>;
  etag: string;
}

export interface Dashboard {
  /** Answers a request for the page or one of its files; false, having done nothing, for any other. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** Scripts, styles and connections of this origin alone, and no text that becomes code. */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'worker-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
      'require-trusted-types-for': ["'script'"],
    },
  },
  // For whoever ends TLS in front to decide: it binds every port of the host name.
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
});

/**
 * Reads the dashboard; undefined where it was not built, as in tests of the sources.
 * @param readOnly the page offers nothing that changes something: a courtesy, roles are the border
 */
export function openDashboard(readOnly: boolean, directory = DIRECTORY): Dashboard | undefined {
  if (!existsSync(`${directory}index.html`)) return undefined;
  const html = readFileSync(`${directory}index.html`, 'utf8');
  const page = fileOf('.html', Buffer.from(readOnly ? html.replace('<html', '<html data-read-only') : html));
  const assets = readAssets(`${directory}assets/`);
  return {
    serve(path, request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const asset = path.startsWith(ASSETS) ? assets.get(path.slice(ASSETS.length)) : undefined;
      if (asset) {
        response.setHeader('cache-control', 'public, max-age=31536000, immutable');
        send(request, response, asset);
        return true;
      }
      if (path !== '/' && !SECTIONS.has(path.split('/', 2)[1] ?? '')) return false;
      protect(request, response, () => {
        response.setHeader('cache-control', 'no-cache');
        send(request, response, page);
      });
      return true;
    },
  };
}

/** Files by name, with what the build has compressed: `.br` and `.gz` beside each. */
function readAssets(directory: string): Map<string, File> {
  const names = readdirSync(directory);
  const read = (name: string) => readFileSync(directory + name);
  return new Map(
    names
      .filter((name) => extname(name) in TYPES)
      .map((name) => {
        const file = fileOf(extname(name), read(name));
        if (names.includes(`${name}.br`)) file.bodies.set('br', read(`${name}.br`));
        if (names.includes(`${name}.gz`)) file.bodies.set('gzip', read(`${name}.gz`));
        return [name, file];
      }),
  );
}

function fileOf(extension: string, body: Buffer): File {
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    bodies: new Map([['', body]]),
    // Weak: the same for each compression.
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 32)}"`,
  };
}

function send(request: IncomingMessage, response: ServerResponse, file: File): void {
  response.setHeader('etag', file.etag);
  response.appendHeader('vary', 'Accept-Encoding');
  if (hasAlready(request, file)) {
    response.writeHead(304).end();
    return;
  }
  const wanted = encodingFor(request);
  const encoding = wanted !== undefined && file.bodies.has(wanted) ? wanted : '';
  const body = present(file.bodies.get(encoding));
  response.setHeader('content-type', file.type);
  if (encoding !== '') response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}
