/** The shop on node:http: `node --import tsx examples/mount/node-http.ts`. */
import { createServer, type Server } from 'node:http';
import type { Signalbox } from '../../src/mount/index.ts';
import { isMain, serve } from './serve.ts';
import { createShop, customerOf, receiptFor, signIn } from './shop.ts';

export function createNodeServer(signalbox: Signalbox): Server {
  const server = createServer((request, response) =>
    signalbox.handler(request, response, async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
      const customer = customerOf(request);
      if (pathname === '/sign-in') {
        response.setHeader(
          'set-cookie',
          `${signIn(searchParams.get('name') ?? 'guest')}; HttpOnly; SameSite=Lax`,
        );
        response.end('Welcome.\n');
      } else if (pathname === '/receipt' && customer !== undefined) {
        response.end(await receiptFor(signalbox, customer, searchParams.get('order') ?? ''));
      } else {
        response.writeHead(404).end('Not in this shop.\n');
      }
    }),
  );
  signalbox.attach(server);
  return server;
}

if (isMain(import.meta.url)) {
  const signalbox = createShop();
  await serve(createNodeServer(signalbox), signalbox);
}
