/** What the clients of others are tried with, and the worker behind it. */
import { ADMIN_TOKEN, request } from '../support/app.ts';

export const VIEWER = 'query { viewer { id role } }';

export const SUBMIT = `mutation {
  submitTask(input: { room: "demo", job: "@global:general:echo" }) {
    ... on SubmitTaskSuccess { task { id status } }
  }
}`;

export const EVENTS = `subscription ($taskId: ID!) {
  taskEvents(taskId: $taskId) {
    __typename
    ... on TaskSnapshot { task { id status } }
    ... on TaskTransitioned { task { id status } }
  }
}`;

/** Defines the job that SUBMIT submits to. */
export async function defineJob(url: string): Promise<void> {
  await request(
    url,
    ADMIN_TOKEN,
    'mutation { registerJob(input: { category: "general", name: "echo" }) { __typename } }',
  );
}

/** A worker comes, does the one task that waits, and goes. */
export async function finish(url: string): Promise<void> {
  const ask = async (query: string, variables: object) =>
    Object.values((await request(url, ADMIN_TOKEN, query, { ...variables })).data)[0] as never;
  const { worker }: { worker: { id: string } } = await ask(
    'mutation { registerWorker(input: { name: "w" }) { ... on RegisterWorkerSuccess { worker { id } } } }',
    {},
  );
  const workerId = worker.id;
  await ask(
    `mutation ($workerId: ID!) {
      registerJob(input: { category: "general", name: "echo", workerId: $workerId }) { __typename }
    }`,
    { workerId },
  );
  const { tasks }: { tasks: { id: string; attempt: number }[] } = await ask(
    `mutation ($workerId: ID!) {
      claimTasks(input: { workerId: $workerId, start: true }) { ... on ClaimTasksSuccess { tasks { id attempt } } }
    }`,
    { workerId },
  );
  for (const { id, attempt } of tasks) {
    await ask('mutation ($input: CompleteTaskInput!) { completeTask(input: $input) { __typename } }', {
      input: { taskId: id, workerId, attempt },
    });
  }
}
