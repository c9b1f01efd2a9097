/**
 * Schedules that are declared beside a job, kept in step with the code: at the start of a worker those that are new are created, those
 * that differ are changed, and those that the code has no more are removed.
 *
 * They are known by their name, `NAME OF THE JOB#NAME OF THE SCHEDULE`, and by their job. What people have made under other names is
 * left alone, and so is a pause. A worker that registers again later, as after an outage, does not touch them: of two
 * versions of a program that run side by side the one that started last decides.
 */

import type { Connection } from '../connection/connection.ts';
import type { DeclaredScheduleFragment, ScheduledTaskInput, ScheduleOverlap } from '../generated/graphql.ts';
import type { JobSchedule } from '../job.ts';
import type { Logger } from '../logger.ts';
import { ProblemError, successOf } from '../problems.ts';
import { CreateSchedule, DeleteSchedule, ListSchedules, UpdateSchedule } from './documents.ts';

/** A job with the schedules that the code declares for it. */
export interface ScheduledJob {
  /** Full name. */
  job: string;
  schedules: readonly JobSchedule[];
}

/** A schedule as the API takes it. */
interface Wanted {
  name: string;
  cron: string;
  timeZone: string;
  overlap: ScheduleOverlap;
  catchUpSeconds: number;
  task: Required<Pick<ScheduledTaskInput, 'job' | 'room'>> & {
    payload: unknown;
    priority: number;
    labels: unknown;
    limitKey: string | null;
  };
}

/** Rejects with a ProblemError that names what the server refuses, such as a cron line. */
export async function declareSchedules(
  connection: Connection,
  { job, schedules }: ScheduledJob,
  logger: Logger,
): Promise<void> {
  const wanted = new Map(schedules.map((schedule) => wantedOf(job, schedule)).map((one) => [one.name, one]));
  if (wanted.size < schedules.length) throw new TypeError(`Two schedules of ${job} have the same name.`);
  for (const found of await declaredSoFar(connection, job)) {
    const one = wanted.get(found.name);
    wanted.delete(found.name);
    if (!one) await remove(connection, found, logger);
    else if (differs(one, found)) await change(connection, one, found, logger);
  }
  for (const one of wanted.values()) await create(connection, one, logger);
}

function wantedOf(job: string, { name, room = roomOf(job), payload = {}, ...rest }: JobSchedule): Wanted {
  if (room === GLOBAL) {
    throw new TypeError(
      `${job} can be run from every room: say for its schedule ${name} which one its tasks belong to.`,
    );
  }
  const {
    cron,
    timeZone = 'UTC',
    overlap = 'SKIP',
    catchUpSeconds = 3_600,
    priority = 0,
    labels = {},
    limitKey = null,
  } = rest;
  const task = { job, room, payload, priority, labels, limitKey };
  return { name: prefixOf(job) + name, cron, timeZone, overlap, catchUpSeconds, task };
}

const GLOBAL = '@global';
const roomOf = (job: string) => job.slice(0, job.indexOf(':'));
const prefixOf = (job: string) => `${job.slice(job.lastIndexOf(':') + 1)}#`;

async function declaredSoFar(connection: Connection, job: string): Promise<DeclaredScheduleFragment[]> {
  const found: DeclaredScheduleFragment[] = [];
  for (let after: string | undefined; ; ) {
    const { schedules } = await connection.send(ListSchedules, { after });
    found.push(...schedules.nodes);
    if (!schedules.pageInfo.hasNextPage) break;
    after = schedules.pageInfo.endCursor ?? undefined;
  }
  return found.filter(({ name, task }) => task?.job.fullName === job && name.startsWith(prefixOf(job)));
}

function differs(
  { task, ...timing }: Wanted,
  { id: _, version: _version, task: found, ...foundTiming }: DeclaredScheduleFragment,
) {
  const known = found && { ...found, job: found.job.fullName };
  return canonical({ ...timing, task }) !== canonical({ ...foundTiming, task: known });
}

/** JSON with sorted keys: databases do not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

async function create(connection: Connection, wanted: Wanted, logger: Logger): Promise<void> {
  const { createSchedule } = await connection.send(CreateSchedule, { input: wanted });
  if (createSchedule.__typename === 'ScheduleSuccess') {
    logger.info(`Created the schedule ${wanted.name}`, { cron: wanted.cron, timeZone: wanted.timeZone });
    return;
  }
  // Another worker that starts in this moment may have been faster.
  const meanwhile = (await declaredSoFar(connection, wanted.task.job)).find(
    ({ name }) => name === wanted.name,
  );
  if (!meanwhile) throw refusalOf(wanted, createSchedule);
  if (differs(wanted, meanwhile)) await change(connection, wanted, meanwhile, logger);
}

async function change(
  connection: Connection,
  wanted: Wanted,
  { id: scheduleId }: DeclaredScheduleFragment,
  logger: Logger,
): Promise<void> {
  const { updateSchedule } = await connection.send(UpdateSchedule, { input: { ...wanted, scheduleId } });
  if (updateSchedule.__typename === 'ScheduleNotFound') return create(connection, wanted, logger);
  if (updateSchedule.__typename !== 'ScheduleSuccess') throw refusalOf(wanted, updateSchedule);
  logger.info(`Changed the schedule ${wanted.name}`, { cron: wanted.cron, timeZone: wanted.timeZone });
}

async function remove(
  connection: Connection,
  { id, name }: DeclaredScheduleFragment,
  logger: Logger,
): Promise<void> {
  const { deleteSchedule } = await connection.send(DeleteSchedule, { scheduleId: id });
  if (deleteSchedule.__typename === 'ScheduleNotFound') return;
  successOf(deleteSchedule, 'DeleteScheduleSuccess');
  logger.info(`Removed the schedule ${name}, which the code has no more`);
}

function refusalOf({ name }: Wanted, problem: ConstructorParameters<typeof ProblemError>[0]): ProblemError {
  const detail = `The schedule ${name} is refused: ${problem.detail ?? problem.__typename}`;
  return new ProblemError({ ...problem, detail });
}
