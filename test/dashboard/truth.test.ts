/**
 * A list is what the server has, whatever happened on the way: random lives of tasks, a network that is cut, a server that
 * is killed and started. Then every row is compared: status, version, attempt and order.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { createWorker } from '../../src/client/worker/index.ts';
import { buildProgram, cleanUp, newDirectory, type Program, startProgram } from '../app/program.ts';
import { defineJob, quiet } from '../client/client-fixture.ts';
import { type Network, startNetwork } from '../client/network.ts';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { BUILD_MS } from './fixture.ts';

const TASKS = 300;

interface Row {
  id: string;
  status: string;
  version: string;
}

describe.skipIf(!chromiumPath)('lists, after everything that can go wrong', () => {
  let program: Program;
  let directory: string;
  let network: Network;
  let client: Client;
  const closing: (() => Promise<unknown>)[] = [];

  async function start(port: string): Promise<void> {
    program = await startProgram({ SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN, PORT: port }, directory);
    await program.ready;
  }

  beforeAll(async () => {
    await buildProgram();
    directory = await newDirectory();
    await start('0');
    const url = await program.ready;
    network = await startNetwork(url);
    client = createClient({ url, token: ADMIN_TOKEN, logger: quiet });
    closing.push(client.close, network.close);
  }, BUILD_MS);
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
    await cleanUp();
  });

  it('are equal to the server row by row', { timeout: 240_000 }, async () => {
    const browser = await openBrowser();
    closing.push(() => browser.close());
    const open = async (path: string): Promise<Page> => {
      const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
      await page.addInitScript((token) => {
        sessionStorage.setItem('signalbox.token', token);
        // A list as long as the room, drawn whole.
        localStorage.setItem('signalbox.settings', JSON.stringify({ rows: 1000 }));
      }, ADMIN_TOKEN);
      await page.goto(`${network.url}${path}`);
      return page;
    };
    await defineJob(client, 'lively');
    const paths = {
      all: '/tasks?room=lab',
      running: '/tasks?room=lab&status=PENDING,CLAIMED,RUNNING',
      dead: '/dead-letters?room=lab',
    };
    const pages = await Promise.all(Object.values(paths).map(open));

    await live(client, network, async () => {
      const { port } = new URL(await program.ready);
      await program.end('SIGKILL');
      await start(port);
    });

    for (const [at, [name, filter]] of [
      ['all', 'tasks(room: "lab", first: 60)'],
      ['running', 'tasks(room: "lab", filter: { statuses: [PENDING, CLAIMED, RUNNING] }, first: 60)'],
      ['dead', 'deadLetters(room: "lab", first: 60)'],
    ].entries()) {
      await expect
        .poll(async () => await shown(pages[at] as Page), { timeout: 30_000, message: name as string })
        .toEqual((await onServer(await program.ready, filter as string)).slice(0, SHOWN));
    }
  });
});

/** Rows that the page surely draws. */
const SHOWN = 15;

async function shown(page: Page): Promise<Row[]> {
  const rows = await page.locator('[role="row"][data-id]:not([data-leaving])').evaluateAll((elements) =>
    elements.map((element) => {
      const { id = '', status = '', version = '' } = (element as HTMLElement).dataset;
      return { id, status, version };
    }),
  );
  return rows.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, SHOWN);
}

async function onServer(url: string, list: string): Promise<Row[]> {
  const { data } = await request(url, ADMIN_TOKEN, `{ list: ${list} { nodes { id status version } } }`);
  return data.list.nodes.map(({ id, status, version }: { id: string; status: string; version: number }) => ({
    id,
    status,
    version: String(version),
  }));
}

/** Tasks that are submitted, served, failed, cancelled and retried, while the network and the server go and come. */
async function live(client: Client, network: Network, restart: () => Promise<void>): Promise<void> {
  const { url } = { url: network.url };
  const worker = createWorker({ url, token: ADMIN_TOKEN, name: 'lively', concurrency: 8, logger: quiet });
  worker.job({
    room: 'lab',
    category: 'general',
    name: 'lively',
    payload: {} as never,
    retryPolicy: { maxAttempts: 2, backoffSeconds: [1] },
    async handler({ progress }) {
      progress(50, 'half');
      if (Math.random() < 0.3) throw new Error('It went wrong');
      return {};
    },
  });
  await worker.start();
  for (let at = 0; at < TASKS; at += 20) {
    const tasks = await client.submitMany(
      Array.from({ length: 20 }, () => ({ room: 'lab', job: 'lab:general:lively', payload: {} })),
    );
    const [one] = tasks;
    if (one && 'id' in one) await client.cancel(one.id, 'Not wanted').catch(() => {});
    if (at % 60 === 0) network.cut();
    if (at === 140) await restart();
  }
  await worker.stop();
}
