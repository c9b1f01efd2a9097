/** What the SDK and the dashboard ask for stays within the limits of one operation, at their largest batches and pages. */
import { readFileSync } from 'node:fs';
import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/graphql/schema.ts';
import { complexityErrorOf } from '../../../src/server/limits/operation-complexity.ts';

const documentsOf = (file: string) =>
  Object.values(
    JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')) as Record<string, string>,
  ).map((text) => {
    const document = parse(text);
    return { document, name: getOperationAST(document)?.name?.value as string };
  });

/** Of the SDK: as many as it ever asks for at once. */
const LARGEST: Record<string, Record<string, unknown>> = {
  ClaimTasks: { input: { workerId: 'w', limit: 500, start: true, waitSeconds: 25 } },
  CompleteTasks: {
    inputs: Array.from({ length: 400 }, () => ({ taskId: 't', workerId: 'w', attempt: 1, result: {} })),
  },
  SubmitTasks: { inputs: Array.from({ length: 500 }, () => ({ room: 'a', job: 'b', payload: {} })) },
  ListJobs: { room: 'a', first: 100 },
  ListTasks: { room: 'a', first: 100 },
};

describe.each(['sdk-documents.json', 'dashboard-documents.json'])('every operation of %s', (file) => {
  it.each(documentsOf(file))('$name costs no more than one may', ({ document, name }) => {
    const variableValues = LARGEST[name] ?? { first: 100, webhookId: 'w' };
    expect(complexityErrorOf({ schema, document, variableValues })?.message).toBeUndefined();
  });
});
