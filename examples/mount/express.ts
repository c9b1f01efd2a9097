/** The shop on Express: `node --import tsx examples/mount/express.ts`. */
import { createServer, type Server } from 'node:http';
import express from 'express';
import type { Signalbox } from '../../src/mount/index.ts';
import { isMain, serve } from './serve.ts';
import { createShop, customerOf, receiptFor, signIn } from './shop.ts';

export function createExpressServer(signalbox: Signalbox): Server {
  const app = express();
  // Before any body parser: Signalbox reads bodies itself.
  app.use(signalbox.handler);
  app.use(express.json());
  app.get('/sign-in', (request, response) => {
    response.setHeader('set-cookie', `${signIn(String(request.query['name']))}; HttpOnly; SameSite=Lax`);
    response.send('Welcome.\n');
  });
  app.get('/receipt', async (request, response) => {
    const customer = customerOf(request);
    if (customer === undefined) response.status(404).send('Not in this shop.\n');
    else response.send(await receiptFor(signalbox, customer, String(request.query['order'])));
  });
  const server = createServer(app);
  signalbox.attach(server);
  return server;
}

if (isMain(import.meta.url)) {
  const signalbox = createShop();
  await serve(createExpressServer(signalbox), signalbox);
}
