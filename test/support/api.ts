/** A server with its API as the callers see it: who they are, and short ways to do what tests need again and again. */
import type { Role } from '../../src/domain/access.ts';
import type { Database } from '../../src/store/database/database.ts';
import { ADMIN_TOKEN, type GraphqlAnswer, startApp, type TestApp, tokenFor } from './app.ts';
import { type Protocol, type Subscription, send, subscribe } from './client.ts';
import { createTestDatabase, type DatabaseKind, testRedisUrl } from './database.ts';
import { untilBelowHorizon } from './horizon.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
type Answer = any;

/** All fields of every problem, for any result union. Two have other names here: `allowed` and `run` are in others, too. */
export const PROBLEM = `__typename ... on Problem {
  type title status detail
  ... on InvalidCategory { allowed }
  ... on InvalidInput { issues { path message } }
  ... on SchemaConflict { existing { id fullName payloadSchema resultSchema } narrowings { schema path reason } }
  ... on JobInUse { workers unfinished: tasks }
  ... on InvalidTransition { from allowedStatuses: allowed }
  ... on StaleAttempt { currentAttempt }
  ... on StaleVersion { currentVersion }
  ... on AlreadyRunning { underWay: run { operation room status triggeredBy } }
}`;

/** Those of a submission: for each of a long list, the fields of all others would cost too much. */
const PROBLEM_OF_SUBMISSION = `__typename ... on Problem {
  type title status detail
  ... on InvalidInput { issues { path message } }
}`;

/** What most tests want to know of a task. */
export const TASK = `id room status version attempt failures progress progressMessage payload result
  error { message code retryable context } priority createdBy correlationId entityType entityId labels
  job { id fullName } worker { id }`;

/** Verbs of a task's holder and of its callers, with the type of their input. */
export const TASK_VERBS = {
  startTask: 'AttemptInput',
  reportProgress: 'ReportProgressInput',
  completeTask: 'CompleteTaskInput',
  failTask: 'FailTaskInput',
  releaseTask: 'AttemptInput',
  cancelTask: 'CancelTaskInput',
  retryTask: 'RetryTaskInput',
  discardTask: 'DiscardTaskInput',
  restoreTask: 'DiscardTaskInput',
  updateTask: 'UpdateTaskInput',
} as const;
export type TaskVerb = keyof typeof TASK_VERBS;

/** Which attempt a worker speaks of. */
export interface Held {
  taskId: string;
  workerId: string;
  attempt: number;
}

export class Caller {
  readonly id: string;
  readonly token: string;
  readonly url: string;

  constructor(url: string, id: string, token: string) {
    this.url = url;
    this.id = id;
    this.token = token;
  }

  /** The whole answer to an operation. */
  send(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    return send(this.url, this.token, query, variables);
  }

  /** The one field of an operation that must not have errors. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const { data, errors } = await this.send(query, variables);
    if (errors) throw new Error(`${JSON.stringify(errors)} for ${query.trim()}`);
    return Object.values(data)[0];
  }

  subscribe(protocol: Protocol, query: string, variables: Record<string, unknown> = {}): Subscription {
    return subscribe(protocol, this.url, this.token, query, variables);
  }

  registerJob(input: Record<string, unknown>): Promise<Answer> {
    return this.ask(
      `mutation ($input: RegisterJobInput!) { registerJob(input: $input) {
        ${PROBLEM} ... on RegisterJobSuccess { created schemaVersion job { id fullName room schemaVersion } }
      } }`,
      { input: { ...input, category: input['category'] ?? 'general' } },
    );
  }

  /** Id of a new worker that serves the jobs. */
  async newWorker(...jobs: { room: string; category?: string; name: string }[]): Promise<string> {
    const { worker } = await this.ask(
      `mutation ($input: RegisterWorkerInput!) { registerWorker(input: $input) {
        ${PROBLEM} ... on RegisterWorkerSuccess { worker { id } }
      } }`,
      { input: { name: `worker of ${this.id}`, capacity: 4 } },
    );
    for (const { room, category, name } of jobs) {
      await this.registerJob({ room, category, name, workerId: worker.id });
    }
    return worker.id;
  }

  /** A new API key, and its secret; for the room "a", unless the input says otherwise. */
  createKey(input: Record<string, unknown>): Promise<Answer> {
    return this.ask(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
        ${PROBLEM} ... on CreateApiKeySuccess {
          secret apiKey { id name prefix role rooms tier status createdBy createdAt expiresAt revokedAt revokedBy lastUsedAt }
        }
      } }`,
      { input: { rooms: ['a'], ...input } },
    );
  }

  submit(input: Record<string, unknown>): Promise<Answer> {
    return this.ask(
      `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
        ${PROBLEM} ... on SubmitTaskSuccess { duplicate cursor task { ${TASK} } }
      } }`,
      { input },
    );
  }

  /** Results of many submissions, or the problem with all of them. */
  submitAll(inputs: Record<string, unknown>[]): Promise<Answer> {
    return this.ask(
      `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) {
        ${PROBLEM} ... on SubmitTasksSuccess {
          results { ${PROBLEM_OF_SUBMISSION} ... on SubmitTaskSuccess { duplicate cursor task { id } } }
        }
      } }`,
      { inputs },
    );
  }

  claim(input: Record<string, unknown>): Promise<Answer> {
    return this.ask(
      `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) {
        ${PROBLEM} ... on ClaimTasksSuccess { tasks { ${TASK} } }
      } }`,
      { input },
    );
  }

  /** A verb on one task. */
  act(verb: TaskVerb, input: Record<string, unknown>): Promise<Answer> {
    return this.ask(
      `mutation ($input: ${TASK_VERBS[verb]}!) { ${verb}(input: $input) {
        ${PROBLEM} ... on TaskSuccess { task { ${TASK} } }
      } }`,
      { input },
    );
  }

  /** A webhook with its secret. */
  async newWebhook(input: Record<string, unknown>): Promise<{ id: string; secret: string }> {
    const { webhook, secret } = await this.ask(
      `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
        ${PROBLEM} ... on CreateWebhookSuccess { webhook { id } secret }
      } }`,
      { input },
    );
    return { id: webhook.id, secret };
  }

  /** Id of a run that has ended. */
  async runOperation(operation: string, input: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.ask(
      `mutation ($input: RunOperationInput!) { runOperation(input: $input) {
        ${PROBLEM} ... on OperationRunSuccess { run { id status } }
      } }`,
      { input: { operation, waitSeconds: 30, ...('room' in input ? {} : { allRooms: true }), ...input } },
    );
    if (answer.run?.status !== 'COMPLETED') throw new Error(`The run: ${JSON.stringify(answer)}`);
    return answer.run.id;
  }

  task(id: string): Promise<Answer> {
    return this.ask(`query ($id: ID!) { task(id: $id) { ${TASK} } }`, { id });
  }
}

export interface Api {
  url: string;
  /** See App. */
  streams: TestApp['streams'];
  /** Its database, for what other servers do to it. */
  db: Database;
  /** The holder of the static token. */
  admin: Caller;
  /**
   * Resolves to a cursor behind which nothing stands of what has happened so far: once it all is below the horizon, which
   * transactions of other tests on the same server may hold back.
   */
  position(): Promise<string>;
  /** Somebody with a JSON Web Token. */
  caller(id: string, role: Role, rooms: string[]): Promise<Caller>;
  /** Stops the server. Rejects when it has logged an error in all that time: no test may provoke one. */
  close(): Promise<void>;
}

/** Starts a server: on PGlite in memory with changes in the process, or on PostgreSQL and Redis. */
export async function startApi(kind: DatabaseKind): Promise<Api> {
  const { db, url: databaseUrl, directUrl, close: dropDatabase } = await createTestDatabase(kind);
  const app = await startApp(
    databaseUrl ? { databaseUrl, directDatabaseUrl: directUrl, redisUrl: testRedisUrl() } : { database: db },
  );
  const admin = new Caller(app.url, '@admin', ADMIN_TOKEN);
  return {
    url: app.url,
    streams: app.streams,
    db,
    admin,
    async position() {
      await untilBelowHorizon(db);
      return (await admin.ask('{ tasks(first: 1) { streamCursor } }')).streamCursor;
    },
    async caller(id, role, rooms) {
      return new Caller(app.url, id, await tokenFor(id, role, rooms));
    },
    async close() {
      await app.stop();
      if (databaseUrl) await dropDatabase();
      const errors = app.logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);
      const told = errors.map(({ msg, err }) => `${msg}: ${err?.stack}`);
      if (told.length > 0) throw new Error(`The server has logged ${told.length} errors, first: ${told[0]}`);
    },
  };
}
