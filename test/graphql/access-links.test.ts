/**
 * Fields that lead from one object to others: each says whom it shows them to. A field of the schema that leads
 * somewhere and is not told of here fails the test.
 */
import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Api, startApi } from '../support/api.ts';
import { type AccessFixture, createAccessFixture } from './access-table.ts';
import { anyOf, bothOf, inRoom, NAMES, withRole } from './test-callers.ts';

/** Who sees the task that the owner's worker holds. */
const SEE_HELD = anyOf(bothOf(inRoom('here'), withRole('ADMIN', 'WORKER', 'MEMBER')), [
  'creator',
  'exCreator',
  'owner',
  'exOwner',
]);

/** What a task leads to, with a selection: whoever sees the task sees it. Of a worker's jobs those it may see. */
const OF_A_TASK: Record<string, string> = {
  'Task.job': 'job { id room payloadSchema }',
  'Task.worker': 'worker { id name }',
  'Task.transitions': 'transitions(first: 1) { nodes { version } }',
  'Task.assets': 'assets(first: 1) { nodes { id } }',
  'Worker.jobs': 'worker { jobs { room } }',
  'Worker.tasks': 'worker { tasks(first: 1) { nodes { room } } }',
  'Job.tasks': 'job { tasks(first: 1) { nodes { id } } }',
  'Job.workers': 'job { workers(first: 1) { nodes { id } } }',
  'Job.schemaVersions': 'job { schemaVersions(first: 1) { version } }',
};

/** What only an ADMIN reaches: the table of access has a row for each way to these objects. */
const OF_WHAT_ADMINS_SEE = ['AlreadyRunning.run'];

/** Of what those see who manage a schedule; the table of access has the rows, `schedules.test.ts` what they lead to. */
const OF_SCHEDULES = [
  ...['Schedule.lastRun', 'Schedule.nextRuns', 'Schedule.runs'],
  ...['ScheduleRun.operationRun', 'ScheduleRun.task', 'ScheduledTask.job'],
];

/** Shown only to whoever has planned it, and to an ADMIN: bulk.test.ts. */
const OF_A_PLAN = ['BulkPlan.sample', 'BulkRun.plan'];

/** Tasks that a task waits for, or is waited for by: the caller sees of them what it may see: dependencies.test.ts. */
const OF_A_GRAPH = ['Task.dependencies', 'TaskDependency.task', 'TaskGraph.nodes'];

/** Jobs that have had tasks in a room of which the caller sees every task: statistics.test.ts, error-groups.test.ts. */
const OF_ROOMS_SEEN_WHOLE = ['ErrorGroup.job', 'JobStatistics.job'];

/** Keys of rooms, people and payloads, as far as the caller may see them: limits.test.ts. */
const OF_LIMITS = ['JobLimit.use'];

/** Shown only to whoever may register in the room of the job: access-nested.test.ts. */
const OF_REFUSALS = ['SchemaConflict.existing'];

/** Answers and events show what their operation does, and pages what their list does. */
const SHOWS_WHAT_ITS_OPERATION_DOES =
  /(Success|Snapshot|Transitioned|Progressed|Blocked|Estimated|Changed|Recorded|Connection|Edge)$/;

/** Fields that take arguments, or give objects with an id of their own, or pages of anything. */
function links(): string[] {
  const node = schema.getType('Node');
  const objects = new Set(isInterfaceType(node) ? schema.getPossibleTypes(node) : []);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return types
    .filter((type) => !roots.includes(type) && !type.name.startsWith('__'))
    .filter(({ name }) => !SHOWS_WHAT_ITS_OPERATION_DOES.test(name))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => {
          const to = getNamedType(field.type);
          return field.args.length > 0 || objects.has(to as never) || to.name.endsWith('Connection');
        })
        .map((field) => `${type.name}.${field.name}`),
    )
    .sort();
}

let api: Api;
let stage: AccessFixture;
beforeAll(async () => {
  api = await startApi('pglite');
  stage = await createAccessFixture(api);
});
afterAll(() => api?.close());

describe('fields that lead to other objects', () => {
  it('are all told of', () => {
    expect(links()).toEqual(
      [
        ...Object.keys(OF_A_TASK),
        ...OF_WHAT_ADMINS_SEE,
        ...OF_SCHEDULES,
        ...OF_A_PLAN,
        ...OF_A_GRAPH,
        ...OF_ROOMS_SEEN_WHOLE,
        ...OF_LIMITS,
        ...OF_REFUSALS,
      ].sort(),
    );
  });

  it.each(Object.entries(OF_A_TASK))(
    '%s shows it to whoever sees the task, and to nobody else',
    async (_link, selection) => {
      for (const name of NAMES) {
        const query = `query ($id: ID!) { task(id: $id) { ${selection} } node(id: $id) { ... on Task { ${selection} } } }`;
        const { data, errors } = await stage.cast[name].send(query, { id: stage.held.taskId });
        const shown = { name, errors, task: data.task !== null, node: data.node !== null };
        const sees = SEE_HELD.includes(name);
        expect(shown).toEqual({ name, errors: undefined, task: sees, node: sees });
        const rooms = (data.task?.worker?.jobs ?? []).map(({ room }: { room: string }) => room);
        if (!inRoom('here').includes(name)) expect(rooms).not.toContain('here');
        // Of what a worker holds, those whom its room is closed to see no more than the task itself.
        const held = data.task?.worker?.tasks?.nodes ?? [];
        if (!sees) expect(held).toEqual([]);
      }
    },
  );
});
