/**
 * A thread that compiles and checks what would take the main thread too long. It is started when it is needed and ended
 * when it was not for a while. It works on one question at a time, for one caller after the other; what does not come to
 * an end is ended with it.
 */
import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './schema-thread.ts';

export interface CheckingThread {
  /** The answer; `gave-up` when it took too long or too much memory. */
  ask(caller: string, question: Question): Promise<Answer | 'gave-up'>;
  /** Gives up what is still asked. */
  close(): Promise<void>;
}

export interface CheckingThreadOptions {
  /** Milliseconds for one question (30 s): a bound for what is not counted otherwise. */
  timeoutMs?: number;
  /** Milliseconds without a question after which the thread ends (60 s). */
  idleMs?: number;
}

interface Asked {
  question: Question;
  resolve: (answer: Answer | 'gave-up') => void;
}

const MAX_HEAP_MB = 256;
/** What a thread may take to start on a busy machine. */
const START_MS = 60_000;

export function createCheckingThread({
  timeoutMs = 30_000,
  idleMs = 60_000,
}: CheckingThreadOptions = {}): CheckingThread {
  const waiting = new Map<string, Asked[]>();
  let asked: Asked | undefined;
  let thread: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const worker = new Worker(script, {
      eval: isSource,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.unref();
    worker.on('message', (answer: Answer) => finish(answer));
    // Out of memory, as a rule.
    worker.on('error', () => end(worker));
    worker.on('exit', () => end(worker));
    return worker;
  }

  function end(worker: Worker): void {
    if (worker !== thread) return;
    thread = undefined;
    void worker.terminate();
    finish('gave-up');
  }

  function finish(answer: Answer | 'gave-up'): void {
    clearTimeout(timer);
    const answered = asked;
    asked = undefined;
    answered?.resolve(answer);
    askNext();
  }

  function askNext(): void {
    if (asked) return;
    const [first] = waiting;
    if (!first) {
      timer = setTimeout(() => thread && end(thread), idleMs).unref();
      return;
    }
    const [caller, questions] = first;
    // Behind all others, for what else it asks.
    waiting.delete(caller);
    asked = questions.shift();
    if (questions.length > 0) waiting.set(caller, questions);
    const startMs = thread ? 0 : START_MS;
    thread ??= start();
    const worker = thread;
    timer = setTimeout(() => end(worker), startMs + timeoutMs).unref();
    worker.postMessage(asked?.question);
  }

  return {
    ask(caller, question) {
      return new Promise((resolve) => {
        const questions = waiting.get(caller);
        if (questions) questions.push({ question, resolve });
        else waiting.set(caller, [{ question, resolve }]);
        if (!asked) clearTimeout(timer);
        askNext();
      });
    },
    async close() {
      clearTimeout(timer);
      const worker = thread;
      thread = undefined;
      const left = [asked ?? [], ...waiting.values()].flat();
      waiting.clear();
      for (const { resolve } of left) resolve('gave-up');
      await worker?.terminate();
    },
  };
}

// Run from its source, as in tests, the thread needs what compiles it.
const isSource = import.meta.url.endsWith('.ts');
const script = isSource
  ? `import('tsx/esm/api').then(({ register }) => {
      register();
      return import(${JSON.stringify(import.meta.resolve('./schema-thread.ts'))});
    });`
  : new URL('./schema-thread.js', import.meta.url);
