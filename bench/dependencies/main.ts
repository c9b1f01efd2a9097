/**
 * `npm run bench:dependencies [-- TASKS]`: how long so many children of one parent (10,000), and one child of so many
 * parents, take to be submitted, unblocked and cancelled; each of them in one commit. Then what the end of a task costs
 * that none depends on, of which everybody pays. On the PostgreSQL of DATABASE_URL, or the default local one; it makes a
 * database and drops it.
 */
import type { TaskRow } from '../../src/domain/task.ts';
import type { SubmitResult } from '../../src/store/tasks/submit/submit.ts';
import { submissionOf, type TestStore } from '../../test/support/test-store.ts';
import { withBenchStore } from '../measure/store.ts';

const size = Number(process.argv[2] ?? 10_000);

await withBenchStore('dependencies', run);

async function run({ store, newJob, newWorker, submit }: TestStore): Promise<void> {
  const job = await newJob();
  const worker = await newWorker(job);
  const who = { workerId: worker.id, actor: 'bench' };
  const dependOn = (tasks: readonly { id: string }[]) => ({
    dependsOn: tasks.map(({ id: parent }) => ({ parent, runsOnFailure: false })),
  });
  const finish = (tasks: readonly TaskRow[]) =>
    store.completeTasks(
      tasks.map(({ id: taskId, attempt }) => ({
        ...who,
        taskId,
        attempt,
        outcome: 'COMPLETED',
        result: null,
      })),
    );
  async function claim(count: number): Promise<TaskRow[]> {
    const claimed: TaskRow[] = [];
    while (claimed.length < count) {
      claimed.push(
        ...(await store.claimTasks({ ...who, limit: Math.min(500, count - claimed.length), start: true })),
      );
    }
    return claimed;
  }

  const children = async (root: TaskRow) =>
    created(await store.submitTasks(Array.from({ length: size }, () => submissionOf(job, dependOn([root])))));

  const root = await submit(job);
  const held = await claim(1);
  const fanOut = await timed(`${size} children of one parent: submitted`, () => children(root));
  const joined = await timed(`one child of ${size} parents: submitted`, () => submit(job, dependOn(fanOut)));
  await timed(`${size} children: unblocked by the end of their parent`, () => finish(held));
  const claimed = await timed(`${size} children: claimed, 500 at a time`, () => claim(size));
  await timed(`${size} parents of one child: ended, 500 at a time`, () => finish(claimed));
  await claim(1);
  await timed(`one child of ${size} parents: read with its parents' results`, () =>
    store.findDependencies([{ taskId: joined.id, first: size, after: null }]),
  );

  const doomed = await submit(job);
  await children(doomed);
  await timed(`${size} children: cancelled with their parent`, () =>
    store.cancelTask({ taskId: doomed.id, actor: 'bench', note: null }),
  );

  created(await store.submitTasks(Array.from({ length: size }, () => submissionOf(job))));
  const plain = await claim(size);
  await timed(`${size} tasks that none depends on: ended, 500 at a time`, () => finish(plain));
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  console.log(`${`${Math.round(performance.now() - begun)} ms`.padStart(10)}  ${what}`);
  return result;
}

function created(results: readonly SubmitResult[]): TaskRow[] {
  return results.map((result) => {
    if (result.kind !== 'created') throw new Error(`The submission gave ${result.kind}.`);
    return result.now ?? result.change.task;
  });
}
