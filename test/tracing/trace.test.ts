/** One trace from a submission to the end of its task, over three processes; docs/tracing.md shows it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as opentelemetry from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { OperationUnderWay } from '../../src/server/instrument.ts';
import { createBatcher } from '../../src/store/database/batcher.ts';
import { createTracing } from '../../src/tracing/tracing.ts';
import { buildProgram, cleanUp, type Program, startProgram } from '../app/program.ts';
import { newJob } from '../graphql/task-in-status.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { type Collector, startCollector, treeOf } from './collector.ts';
import { register } from './provider.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let collector: Collector;

beforeAll(async () => {
  await buildProgram();
  collector = await startCollector();
});
afterAll(async () => {
  await cleanUp();
  await collector?.close();
});

const startServer = (settings: Record<string, string> = {}): Promise<Program> =>
  startProgram({ SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN, ...settings });

// Three programs are built and started.
describe('a trace', { timeout: 180_000 }, () => {
  it('leads from the submission through the server and the worker to the end of the task', async () => {
    const server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const url = await server.ready;
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', `${ROOT}test/tracing/worker.ts`, url, ADMIN_TOKEN, collector.url],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const provider = register(collector.url, 'shop');
    try {
      await once(worker.stdout, 'data');
      const client = createClient({ url, token: ADMIN_TOKEN, opentelemetry });
      const traceId = await opentelemetry.trace.getTracer('shop').startActiveSpan('order', async (span) => {
        const task = await client.submit({
          room: 'demo',
          job: 'demo:general:greet',
          payload: { name: 'Ada' },
        });
        span.end();
        // Waiting for the result is no part of it.
        const result = await opentelemetry.context.with(opentelemetry.ROOT_CONTEXT, () => task.result());
        expect(result).toMatchObject({ greeting: 'Hello, Ada' });
        return span.spanContext().traceId;
      });
      await client.close();
      worker.kill('SIGTERM');
      await once(worker, 'exit');
      await server.end('SIGTERM');
      await provider.shutdown();

      const spans = collector.spans.filter((span) => span.traceId === traceId);
      const shown = /```text\n([\s\S]*?)```/.exec(readFileSync(`${ROOT}docs/tracing.md`, 'utf8'))?.[1];
      expect(`${treeOf(spans).join('\n')}\n`).toBe(shown);
      const complete = spans.find(({ name }) => name === 'SQL complete');
      expect(complete?.attributes).toMatchObject({
        'db.system.name': 'postgresql',
        'db.operation.name': 'complete',
      });
      // What belongs to no trace of an application is not traced by the worker, and maintenance not at all.
      const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined);
      expect(roots.filter(({ service }) => service === 'greeter')).toEqual([]);
      expect(roots.filter(({ name }) => name.startsWith('SQL'))).toEqual([]);
    } finally {
      worker.kill('SIGKILL');
      opentelemetry.trace.disable();
      opentelemetry.context.disable();
      opentelemetry.propagation.disable();
    }
  });

  it('goes through a server that makes none, by HTTP and by socket', async () => {
    const before = collector.spans.length;
    const server = await startServer();
    const admin = new Caller(await server.ready, '@admin', ADMIN_TOKEN);
    const { fullName } = await newJob(admin, 'demo');
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const query = `mutation { submitTask(input: { room: "demo", job: "${fullName}" }) {
      ... on SubmitTaskSuccess { task { traceparent } }
    } }`;
    const submit = async (header: string) => {
      const response = await fetch(`${admin.url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          'content-type': 'application/json',
          traceparent: header,
        },
        body: JSON.stringify({ query }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      return ((await response.json()) as any).data.submitTask.task.traceparent;
    };
    expect(await submit(traceparent)).toBe(traceparent);
    for (const wrong of [
      'nonsense',
      `${traceparent}0`,
      traceparent.toUpperCase(),
      traceparent.replace(/[1-9a-f]/g, '0'),
    ]) {
      expect(await submit(wrong)).toBeNull();
    }
    const { createClient: createSocketClient } = await import('graphql-ws');
    const socket = createSocketClient({
      url: `${admin.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: (await import('ws')).default,
      connectionParams: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    for await (const { data } of socket.iterate({ query, extensions: { traceparent } })) {
      expect(data).toEqual({ submitTask: { task: { traceparent } } });
    }
    await socket.dispose();
    expect((await server.end('SIGTERM')).code).toBe(0);
    expect(collector.spans).toHaveLength(before);
  });

  it('has batches that belong to their first call and link to the others', async () => {
    const tracing = await createTracing({
      endpoint: collector.url,
      serviceName: 'batches',
      tracedRoute: '/',
    });
    const call = createBatcher<number, number>({
      run: async (items) => [...items],
      instrument: tracing.batch,
    });
    const operation = (name: string): OperationUnderWay => {
      const context = { traceparent: null } as OperationUnderWay['context'];
      return { transport: 'socket', type: 'mutation', name, context };
    };
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        tracing.operation(operation(name), async () => {
          await Promise.all([call(1), call(2)]);
          return { failed: false };
        }),
      ),
    );
    // Outside of all traces.
    await call(3);
    await tracing.close();
    const spans = collector.spans.filter(({ service }) => service === 'batches');
    const idOf = (name: string) => spans.find((span) => span.name === `mutation ${name}`)?.spanId;
    const batches = spans.filter(({ name }) => name === 'batch');
    expect(batches).toMatchObject([{ parentSpanId: idOf('a'), links: [idOf('b'), idOf('c')] }]);
    expect(batches[0]?.attributes['signalbox.batch.calls']).toBe(6);
  });
});
