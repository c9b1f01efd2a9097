/**
 * An application with sign-ins of its own, and Signalbox in it: pages use the cookie that they have, work is submitted and
 * done within the process, and a piece of maintenance of the shop runs beside that of the server.
 *
 * In a project of its own: `import { createSignalbox, defineOperation } from 'signalbox-server'`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { createSignalbox, defineJob, defineOperation, type Signalbox } from '../../src/mount/index.ts';

/** Who is signed in, by cookie. A shop would keep that in its database. */
const sessions = new Map<string, string>();
const receipts = new Map<string, { customer: string; at: number }>();

/** Gives the cookie of a new session. */
export function signIn(customer: string): string {
  const id = randomUUID();
  sessions.set(id, customer);
  return `session=${id}`;
}

export function customerOf(request: IncomingMessage): string | undefined {
  const id = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  return id === undefined ? undefined : sessions.get(id);
}

export const printReceipt = defineJob({
  room: 'shop',
  name: 'print-receipt',
  payload: z.strictObject({ order: z.string() }),
  result: z.object({ receipt: z.string() }),
});

const forgetReceipts = defineOperation({
  name: 'forget_receipts',
  description: 'Removes receipts that are older than some days',
  parameters: z.object({ days: z.int().min(0).default(30) }),
  async run({ dryRun, parameters }) {
    const before = Date.now() - parameters.days * 86_400_000;
    const old = [...receipts].filter(([, { at }]) => at <= before);
    if (!dryRun) for (const [id] of old) receipts.delete(id);
    return { receipts: old.length };
  },
});

/** Signalbox below /signalbox of whatever serves the shop, with a worker in the same process. Not started yet. */
export function createShop(database?: string): Signalbox {
  const signalbox = createSignalbox({
    path: '/signalbox',
    database,
    // Customers see and submit their own tasks; who has no session may have a token.
    identify(request) {
      const customer = customerOf(request);
      return customer === undefined ? null : { id: customer, role: 'USER', rooms: ['shop'] };
    },
    operations: [forgetReceipts],
    settings: { LOG_LEVEL: 'warn' },
  });
  const printer = signalbox.worker(
    { id: 'printer', role: 'WORKER', rooms: ['shop'] },
    { name: 'printer', logger: false },
  );
  printer.job(printReceipt, ({ payload, task }) => {
    const receipt = `receipt of order ${payload.order}`;
    receipts.set(task.id, { customer: receipt, at: Date.now() });
    return { receipt };
  });
  const start = async () => {
    await signalbox.start();
    await printer.start();
  };
  return { ...signalbox, start };
}

/** Has a receipt printed for a customer, without HTTP. */
export async function receiptFor(signalbox: Signalbox, customer: string, order: string): Promise<string> {
  const client = signalbox.client({ id: customer, role: 'USER', rooms: ['shop'] });
  try {
    const handle = await client.submit(printReceipt, { payload: { order } });
    return (await handle.result({ timeoutMs: 30_000 })).receipt;
  } finally {
    await client.close();
  }
}
