/** The thread of createCheckingThread: compiles schemas and checks values, one after the other. */
import { parentPort } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { type CompiledSchema, compileSchema } from '../domain/json-schema.ts';
import type { InputIssue } from '../domain/problems.ts';

/** A schema as JSON, and a value to check with it; without one the schema is compiled and no more. */
export interface Question {
  schema: string;
  value?: unknown;
}

/** Why the schema cannot be used, or what is wrong with the value; and the milliseconds that it took. */
export interface Answer {
  refusal: string | null;
  issues: InputIssue[];
  ms: number;
}

/** Bytes of compiled schemas at most. */
const MAX_BYTES = 33_554_432;

const known = new LRUCache<string, CompiledSchema & { ok: true }>({
  maxSize: MAX_BYTES,
  sizeCalculation: ({ bytes }) => bytes,
});

function answer(question: Question): Omit<Answer, 'ms'> {
  let compiled = known.get(question.schema);
  if (!compiled) {
    const result = compileSchema(JSON.parse(question.schema));
    if (!result.ok) return { refusal: result.message, issues: [] };
    compiled = result;
    known.set(question.schema, compiled);
  }
  return { refusal: null, issues: 'value' in question ? compiled.validate(question.value) : [] };
}

parentPort?.on('message', (question: Question) => {
  const began = performance.now();
  const answered = answer(question);
  parentPort?.postMessage({ ...answered, ms: performance.now() - began } satisfies Answer);
});
