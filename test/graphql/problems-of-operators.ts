/** The rows of the table of problems for what only an ADMIN may do: schedules, operations, webhooks and API keys. */
import { expect } from 'vitest';
import { z } from 'zod';
import { defineMaintenanceOperation } from '../../src/maintenance/operation.ts';
import { createMaintenanceOperations } from '../../src/maintenance/operations.ts';
import { operationRunVerbs } from '../../src/store/operations/operation-run-verbs.ts';
import { deferred } from '../events/inbox.ts';
import { type Api, type Caller, PROBLEM } from '../support/api.ts';
import { issue, type Row } from './problem-row.ts';
import { newSchedule } from './task-in-status.ts';

const NO_SCHEDULE = 'schedule_01h455vb4pex5vsknk084sn02q';
const NO_DELIVERY = 'delivery_01h455vb4pex5vsknk084sn02q';
const NO_WEBHOOK = 'webhook_01h455vb4pex5vsknk084sn02q';
const NO_KEY = 'key_01h455vb4pex5vsknk084sn02q';
const WEBHOOK = { url: 'https://hooks.example', types: ['OPERATION_SKIPPED'] };

let api: Api;
let mia: Caller; // anybody but an ADMIN
let schedule: string;
let otherSchedule: string;
let webhook: string;

/** Makes what the rows are about. */
export async function prepareOperatorRows(on: Api, member: Caller, job: { room: string; fullName: string }) {
  api = on;
  mia = member;
  schedule = await newSchedule(api.admin, job);
  otherSchedule = await newSchedule(api.admin, job);
  webhook = (await api.admin.newWebhook(WEBHOOK)).id;
}

type Problems = Record<string, Row>;

/** Asks as an ADMIN, unless somebody else is named, for a mutation with one argument. */
const operate = (name: string, argument: string, value: unknown, caller = api.admin) => {
  const [variable, type] = argument.split(': ');
  return caller.ask(`mutation ($v: ${type}!) { ${name}(${variable}: $v) { ${PROBLEM} } }`, { v: value });
};

const notAdmin = (refuse: () => Promise<unknown>, detail: RegExp) =>
  ({ Forbidden: [refuse, detail] }) satisfies Problems;
const forOperators = /^Only an ADMIN may run operations, manage webhooks/;

/** The problems of what a schedule starts, whether it is new or not. */
const targetRows = (save: (input: object, caller?: Caller) => Promise<unknown>) =>
  ({
    JobNotFound: [
      () => save({ task: { room: 'main', job: 'main:general:none' } }),
      /"main:general:none".*jobs\(room:\)/,
    ],
    InvalidRoomId: [
      async () => {
        const [ofTask, ofOperation] = await Promise.all([
          save({ task: { room: 'a@b', job: 'main:general:none' } }),
          save({ operation: { operation: 'retire_jobs', room: 'a@b' } }),
        ]);
        expect(ofTask).toEqual(ofOperation);
        return ofTask;
      },
      /"a@b" is no room id/,
    ],
    ...notAdmin(() => save({ cron: 'never' }, mia), /^An ADMIN, and a WORKER in rooms of its own/),
  }) satisfies Problems;
const createSchedule = (input: object, caller?: Caller) =>
  operate('createSchedule', 'input: CreateScheduleInput', { name: 'new', cron: '@yearly', ...input }, caller);
const updateSchedule = (input: object, caller?: Caller) =>
  operate('updateSchedule', 'input: UpdateScheduleInput', { scheduleId: schedule, ...input }, caller);
const byScheduleId = (name: string) =>
  ({
    ScheduleNotFound: [
      () => operate(name, 'scheduleId: ID', NO_SCHEDULE),
      new RegExp(`${NO_SCHEDULE}.*query schedules`),
    ],
    ...notAdmin(
      () => operate(name, 'scheduleId: ID', schedule, mia),
      /^An ADMIN, and a WORKER in rooms of its own/,
    ),
  }) satisfies Problems;

const createWebhook = (input: object, caller?: Caller) =>
  operate('createWebhook', 'input: CreateWebhookInput', { ...WEBHOOK, ...input }, caller);
const updateWebhook = (input: object, caller?: Caller) =>
  operate('updateWebhook', 'input: UpdateWebhookInput', { id: webhook, ...input }, caller);
const redeliver = (caller?: Caller) =>
  operate('redeliverWebhook', 'input: RedeliverWebhookInput', { deliveryId: NO_DELIVERY }, caller);
const noWebhook = (ask: () => Promise<unknown>) =>
  [ask, new RegExp(`${NO_WEBHOOK}.*query webhooks`)] satisfies Row;
const webhookRows = (save: (input: object, caller?: Caller) => Promise<unknown>) =>
  ({
    InvalidInput: [
      () => save({ url: 'ftp://u:p@hooks.example', description: 'x'.repeat(501) }),
      /^url: must be an http or https URL \(and 2 more\)$/,
      { issues: [...issue('url').issues, ...issue('url').issues, ...issue('description').issues] },
    ],
    InvalidRoomId: [() => save({ room: 'a b' }), /"a b" is no room id/],
    ...notAdmin(() => save({}, mia), forOperators),
  }) satisfies Problems;
const byWebhookId = (name: string) =>
  ({
    WebhookNotFound: noWebhook(() => operate(name, 'id: ID', NO_WEBHOOK)),
    ...notAdmin(() => operate(name, 'id: ID', webhook, mia), forOperators),
  }) satisfies Problems;

const runOperation = (input: object, caller?: Caller) =>
  operate('runOperation', 'input: RunOperationInput', { operation: 'retire_jobs', ...input }, caller);
/** What is answered while another server runs the operation on the same database. */
async function whileItRuns(room: string, ask: () => Promise<unknown>): Promise<unknown> {
  const mayEnd = deferred();
  const operation = defineMaintenanceOperation({
    ...{ name: 'retire_jobs', description: 'Ends when it may.', parameters: z.object({}) },
    metrics: z.object({}),
    runOnce: () => mayEnd.promise.then(() => ({})),
  });
  const elsewhere = createMaintenanceOperations({
    database: api.db,
    runs: operationRunVerbs(api.db),
    operations: [operation],
  });
  const request = { operation: 'retire_jobs', room, dryRun: true, parameters: {}, triggeredBy: 'ann' };
  const { finished } = await elsewhere.start(request);
  try {
    return await ask();
  } finally {
    mayEnd.resolve();
    await finished;
  }
}

const createApiKey = (input: object, caller?: Caller) =>
  operate(
    'createApiKey',
    'input: CreateApiKeyInput',
    { name: 'k', role: 'USER', rooms: ['main'], ...input },
    caller,
  );

export const OPERATOR_ROWS: Record<string, Problems> = {
  createSchedule: {
    ...targetRows(createSchedule),
    InvalidInput: [() => createSchedule({}), /^task: /, issue('task')],
  },
  updateSchedule: {
    ...targetRows(updateSchedule),
    ScheduleNotFound: [
      () => updateSchedule({ scheduleId: NO_SCHEDULE, paused: true }),
      new RegExp(`${NO_SCHEDULE}.*query schedules`),
    ],
    StaleVersion: [
      () => updateSchedule({ paused: true, expectedVersion: 7 }),
      /schedule was changed .*version 1 now\. Read it again/,
      { currentVersion: 1 },
    ],
    InvalidInput: [
      async () => updateSchedule({ name: await nameOf(otherSchedule) }),
      /^name: is the name of another schedule of the room$/,
      issue('name'),
    ],
  },
  deleteSchedule: byScheduleId('deleteSchedule'),
  runScheduleNow: byScheduleId('runScheduleNow'),
  runOperation: {
    AlreadyRunning: [
      () => whileItRuns('main', () => runOperation({ room: 'main' })),
      /^retire_jobs is running for "main" .*operationRunEvents/,
      {
        underWay: { operation: 'retire_jobs', room: 'main', status: 'RUNNING', triggeredBy: 'ann' },
      },
    ],
    InvalidRoomId: [() => runOperation({ room: '@globe' }), /"@globe" is no room id/],
    InvalidInput: [
      () => runOperation({ operation: 'dance' }),
      /^operation: must be one of .*retire_jobs/,
      issue('operation'),
    ],
    ...notAdmin(() => runOperation({}, mia), forOperators),
  },
  createWebhook: webhookRows(createWebhook),
  updateWebhook: {
    ...webhookRows(updateWebhook),
    WebhookNotFound: noWebhook(() => updateWebhook({ id: NO_WEBHOOK, enabled: false })),
  },
  deleteWebhook: byWebhookId('deleteWebhook'),
  testWebhook: byWebhookId('testWebhook'),
  redeliverWebhook: {
    DeliveryNotFound: [() => redeliver(), new RegExp(`${NO_DELIVERY}.*query webhookDeliveries`)],
    ...notAdmin(() => redeliver(mia), forOperators),
  },
  createApiKey: {
    InvalidInput: [() => createApiKey({ tier: 'gold' }), /^tier: .*free, solo, team/, issue('tier')],
    InvalidRoomId: [() => createApiKey({ rooms: ['main', 'a:b'] }), /"a:b" is no room id/],
    ...notAdmin(() => createApiKey({}, mia), /^Only an ADMIN can create API keys/),
  },
  revokeApiKey: {
    ApiKeyNotFound: [() => operate('revokeApiKey', 'id: ID', NO_KEY), new RegExp(`${NO_KEY}.*query apiKeys`)],
    ...notAdmin(() => operate('revokeApiKey', 'id: ID', NO_KEY, mia), /^Only an ADMIN can revoke API keys/),
  },
};

/** Nothing that was refused has left a trace. */
export async function expectUntouched(): Promise<void> {
  const { data } = await api.admin.send(`{
    schedules { nodes { id version runs { nodes { id } } } } apiKeys { nodes { id } }
    webhooks { nodes { id url room enabled } } webhookDeliveries(webhookId: "${webhook}") { nodes { id } }
    operationRuns(filter: { operation: "retire_jobs" }) { nodes { triggeredBy } }
  }`);
  expect(data).toEqual({
    schedules: {
      nodes: [otherSchedule, schedule].map((id) => ({ id, version: 1, runs: { nodes: [] } })),
    },
    apiKeys: { nodes: [] },
    webhooks: { nodes: [{ id: webhook, url: WEBHOOK.url, room: null, enabled: true }] },
    webhookDeliveries: { nodes: [] },
    // What ran elsewhere, while it was refused here.
    operationRuns: { nodes: [{ triggeredBy: 'ann' }] },
  });
}

async function nameOf(id: string): Promise<string> {
  return (await api.admin.ask('query ($id: ID!) { schedule(id: $id) { name } }', { id })).name;
}
