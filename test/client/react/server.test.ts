/** The hooks where there is no browser: what they render, and that they open nothing. */
import { createElement, type ReactNode, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type Client, createClient, type TaskSummary } from '../../../src/client/index.ts';
import {
  SignalboxProvider,
  useConnectionStatus,
  useCounts,
  useEstimate,
  useSubmit,
  useTask,
  useTasks,
} from '../../../src/client/react/index.ts';

/** Whoever connects is noticed. */
const opened: string[] = [];
const client: Client = createClient({
  url: 'http://127.0.0.1:9',
  fetch: (async (input: unknown) => {
    opened.push(String(input));
    throw new Error('Nothing is fetched on a server.');
  }) as typeof fetch,
  webSocketImpl: class {
    constructor(url: string) {
      opened.push(url);
    }
  },
});

function render(component: () => ReactNode): string {
  return renderToString(createElement(SignalboxProvider, { client }, createElement(component)));
}

describe('rendering on a server', () => {
  it('opens neither a socket nor a request, and shows that it loads', async () => {
    const html = render(() => {
      const states = [
        useTask('task_01h455vb4pex5vsknk084sn02q').state,
        useTask(undefined).state,
        useTasks('lab').state,
        useCounts('lab').state,
        useEstimate('task_1').state,
        useSubmit().state,
        useConnectionStatus().state,
      ];
      return states.join(' ');
    });
    expect(html).toBe('loading idle loading loading loading idle idle');
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toEqual([]);
  });

  it('shows a task that the page came with', () => {
    const initial = { id: 'task_1', status: 'RUNNING', progress: 40 } as TaskSummary;
    expect(render(() => useTask('task_1', { initial }).task?.status)).toBe('RUNNING');
    expect(render(() => useTask('task_1', { initial, suspense: true }).task?.progress)).toBe('40');
  });

  it('leaves what suspends to the browser', () => {
    const Waiting = () => useTasks('lab', { suspense: true }).tasks.length;
    const html = render(() => createElement(Suspense, { fallback: 'soon' }, createElement(Waiting)));
    expect(html).toContain('soon');
    expect(opened).toEqual([]);
  });

  it('says what is missing where there is no provider', () => {
    expect(() => renderToString(createElement(() => useCounts().total))).toThrow('SignalboxProvider');
  });
});
