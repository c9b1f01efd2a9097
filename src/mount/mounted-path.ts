/** Below which path of the application's server Signalbox answers. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from '../server/http/request-handler.ts';
import type { Handler, UpgradeListener, UpgradingServer } from './http-server.ts';

/** @throws TypeError unless it is empty or like `/signalbox` */
export function checkedPath(path: string): string {
  if (path === '' || path === '/') return '';
  if (!/^(\/[\w.~-]+)+$/.test(path)) throw new TypeError(`A path begins with "/" and ends without: ${path}`);
  return path;
}

/**
 * Answers what is below the path, and leaves all else to `next`, or says 404. Routers that cut the path off before they
 * call keep it in `originalUrl`. `onTaken` is called with the responses that are ours.
 */
export function mountHandler(
  path: string,
  ready: () => RequestHandler | undefined,
  onTaken: (response: ServerResponse) => void,
): Handler {
  return (request, response, next) => {
    const url = below(path, (request as { originalUrl?: string }).originalUrl ?? request.url);
    if (url === undefined) {
      if (next) return next();
      response
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
        .end('There is nothing here.\n');
      return;
    }
    const requests = ready();
    if (!requests) return sayUnavailable(response);
    request.url = url;
    onTaken(response);
    requests.handle(request, response);
  };
}

/** Takes the upgrades below the path; those that nobody else can want are refused. Returns the function that ends it. */
export function mountUpgrades(
  path: string,
  ready: () => RequestHandler | undefined,
  server: UpgradingServer,
): () => void {
  const listener: UpgradeListener = (request, socket, head) => {
    const url = below(path, request.url);
    if (url === undefined) {
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
      return;
    }
    const requests = ready();
    if (!requests) return refuse(socket, '503 Service Unavailable');
    request.url = url;
    requests.upgrade(request, socket, head);
  };
  server.on('upgrade', listener);
  return () => void server.off('upgrade', listener);
}

/** The address as from the root; undefined for what is not below the path. */
function below(path: string, url = '/'): string | undefined {
  if (!url.startsWith(path)) return undefined;
  const rest = url.slice(path.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}

function sayUnavailable(response: ServerResponse): void {
  const message = 'The server is starting, or has been stopped: try again.';
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] });
  response
    .writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' })
    .end(body);
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
