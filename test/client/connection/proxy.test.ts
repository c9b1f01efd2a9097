/** A client whose only way to the server is a proxy, as the environment names it. */
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/client/connection/proxy.ts';
import { type ClientFixture, defineJob, openClientFixture } from '../client-fixture.ts';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

describe('the proxy of an address', () => {
  it.each([
    ['http://a.example', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['ws://a.example', { http_proxy: 'p:3128' }, 'http://p:3128'],
    ['https://a.example', { HTTP_PROXY: 'http://p' }, undefined],
    ['wss://a.example', { HTTPS_PROXY: 'http://p' }, 'http://p'],
    ['https://a.example', { HTTPS_PROXY: 'http://p', NO_PROXY: 'b.example, a.example' }, undefined],
    ['https://x.a.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '.a.example' }, undefined],
    ['https://xa.example', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.example' }, 'http://p'],
    ['https://a.example:81', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.example:80' }, 'http://p'],
    ['https://a.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, undefined],
    ['https://a.example', {}, undefined],
  ])('of %s with %j is %s', (url, environment, proxy) => {
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
      delete process.env[name];
      delete process.env[name.toUpperCase()];
    }
    Object.assign(process.env, environment);
    expect(proxyFor(url)).toBe(proxy);
  });
});

describe('through a proxy', () => {
  let fixture: ClientFixture;
  /** The targets that the proxy was asked to connect to. */
  const asked: string[] = [];
  const proxy = createServer((_request, response) => response.writeHead(405).end());

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    const { hostname, port } = new URL(fixture.url);
    proxy.on('connect', (request, client) => {
      asked.push(request.url ?? '');
      // Whatever name it is: only the proxy knows the way.
      const upstream = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) {
        socket.on('error', () => {
          client.destroy();
          upstream.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await fixture.close();
    proxy.closeAllConnections();
    proxy.close();
  });

  it('submits, watches and works', async () => {
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    delete process.env['NO_PROXY'];
    delete process.env['no_proxy'];
    const url = 'http://signalbox.invalid:4000';
    const client = fixture.client({ url });
    const job = await defineJob(client, 'proxied');
    const task = await client.submit({ room: 'lab', job });
    const events = client.watch(task.id);
    expect((await events.next()).value).toMatchObject({ kind: 'snapshot', task: { status: 'PENDING' } });
    await client.cancel(task.id);
    expect((await events.next()).value).toMatchObject({ kind: 'transition', task: { status: 'CANCELLED' } });
    expect(new Set(asked)).toEqual(new Set(['signalbox.invalid:4000']));
  });
});
