import type { WorkerRow } from '../../api/workers.ts';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { countText, many } from '../../design/text.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import pageStyles from '../jobs/page.module.css';
import { WorkerSnippets } from '../overview/first-steps.tsx';
import { Backlog } from './backlog.tsx';
import styles from './page.module.css';
import { WorkerTable } from './table.tsx';
import { useWorkers } from './use-workers.ts';

export function Page() {
  const room = useRoom();
  const { rows, error } = useWorkers({ room });
  const present = rows?.filter(({ lostAt }) => !lostAt).toSorted(byName);
  const lost = rows?.filter(({ lostAt }) => lostAt);
  const slots = present?.reduce((sum, { capacity }) => sum + capacity, 0) ?? 0;
  const used = present?.reduce((sum, { running }) => sum + running, 0) ?? 0;
  const alive = present?.filter((worker) => worker.alive) ?? [];
  const served = new Set(alive.flatMap(({ jobs }) => jobs.map(({ fullName }) => fullName)));
  return (
    <div className={pageStyles.page}>
      <PageHead
        title="Workers"
        aside={
          present && `${countText(alive.length)} alive, ${countText(used)} of ${many(slots, 'slot')} in use`
        }
      />
      {error !== undefined && <ErrorNote error={error} />}
      {!rows && error === undefined && <Loading what="the workers" />}
      {rows && <Backlog room={room} served={served} />}
      {present && present.length === 0 && (
        <Empty title={room === undefined ? 'No worker is registered' : `No worker serves ${room}`}>
          <p>A worker is a program of yours that registers jobs and claims their tasks.</p>
          <WorkerSnippets room={room} />
        </Empty>
      )}
      {present && present.length > 0 && <WorkerTable label="Workers" workers={present} room={room} />}
      {lost && lost.length > 0 && (
        <section className={styles.lost}>
          <h2>Lost within the last hour</h2>
          <p className={styles.note}>
            They stopped to beat without a word. Their tasks went back to the queue.
          </p>
          <WorkerTable label="Lost workers" workers={lost} room={room} />
        </section>
      )}
    </div>
  );
}

function byName(a: WorkerRow, b: WorkerRow): number {
  return a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}
