/** The shop on Fastify: `node --import tsx examples/mount/fastify.ts`. */
import type { Server } from 'node:http';
import fastify from 'fastify';
import type { Signalbox } from '../../src/mount/index.ts';
import { isMain, serve } from './serve.ts';
import { createShop, customerOf, receiptFor, signIn } from './shop.ts';

export async function createFastifyServer(signalbox: Signalbox): Promise<Server> {
  const app = fastify();
  await app.register(async (scope) => {
    // Signalbox reads bodies itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.all('/signalbox/*', (request, reply) => {
      reply.hijack();
      signalbox.handler(request.raw, reply.raw);
    });
  });
  app.get<{ Querystring: { name?: string } }>('/sign-in', async ({ query }, reply) => {
    reply.header('set-cookie', `${signIn(query.name ?? 'guest')}; HttpOnly; SameSite=Lax`);
    return 'Welcome.\n';
  });
  app.get<{ Querystring: { order?: string } }>('/receipt', async ({ raw, query }, reply) => {
    const customer = customerOf(raw);
    if (customer === undefined) return reply.code(404).send('Not in this shop.\n');
    return receiptFor(signalbox, customer, query.order ?? '');
  });
  await app.ready();
  signalbox.attach(app.server);
  return app.server;
}

if (isMain(import.meta.url)) {
  const signalbox = createShop();
  await serve(await createFastifyServer(signalbox), signalbox);
}
