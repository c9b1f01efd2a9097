/** Nothing on a page asks the server on a clock: while nothing happens, only pings go over its socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../support/browser.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, routesOf, settled } from './fixture.ts';

const IDLE_MS = 60_000;
const OPENED_AT_A_TIME = 3;

describe.skipIf(!chromiumPath)('pages on which nothing happens', () => {
  let fixture: DashboardFixture;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  it('ask nothing on any route, for a minute', { timeout: 240_000 }, async () => {
    const context = await fixture.browser.newContext();
    const asked: string[] = [];
    let listening = false;
    const open = async (route: string) => {
      const page = await fixture.open(route, { context });
      page.on('request', (request) => {
        if (listening)
          asked.push(`${route}: ${request.method()} ${request.url()} ${request.postData() ?? ''}`);
      });
      await settled(page);
    };
    context.on('page', (page) =>
      page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          const text = String(payload);
          if (listening && !/"type":"(ping|pong)"/.test(text)) asked.push(`${page.url()}: ${text}`);
        }),
      ),
    );
    // Beside one another, but opened by and by: a browser has six connections to a server.
    const queue = routesOf(fixture.seeded);
    await Promise.all(
      Array.from({ length: OPENED_AT_A_TIME }, async () => {
        for (let route = queue.shift(); route !== undefined; route = queue.shift()) await open(route);
      }),
    );
    listening = true;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    expect(asked).toEqual([]);
    expect(fixture.complaints).toEqual([]);
  });
});
