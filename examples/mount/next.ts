/**
 * The shop beside pages of Next.js, by its custom server. In a project that has `next`, with its pages in `app/`:
 * `node --import tsx next.ts`. Next itself is not among the dependencies of this repository.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Signalbox, UpgradingServer } from '../../src/mount/index.ts';
import { isMain, serve } from './serve.ts';
import { createShop } from './shop.ts';

/** What of `next({ dev, httpServer })` is used. */
interface NextApp {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}
type Next = (options: { dev: boolean; httpServer: UpgradingServer }) => NextApp;

export async function createNextServer(signalbox: Signalbox, next: Next, dev: boolean): Promise<Server> {
  let pages: ReturnType<NextApp['getRequestHandler']> | undefined;
  const server = createServer((request, response) =>
    signalbox.handler(request, response, () => void pages?.(request, response)),
  );
  // Next takes its own upgrades, those of its development server, from the same one.
  signalbox.attach(server);
  const app = next({ dev, httpServer: server });
  await app.prepare();
  pages = app.getRequestHandler();
  return server;
}

if (isMain(import.meta.url)) {
  const signalbox = createShop();
  const name: string = 'next';
  const { default: next } = (await import(name)) as { default: Next };
  await serve(await createNextServer(signalbox, next, process.env['NODE_ENV'] !== 'production'), signalbox);
}
