import { Json } from '../../design/json.tsx';
import type { Job } from './page.tsx';
import { Properties } from './properties.tsx';
import styles from './schemas.module.css';

export function Schemas({ job }: { job: Job }) {
  return (
    <div className={styles.schemas}>
      <section>
        <h2>Payload</h2>
        <Properties schema={job.payloadSchema} />
        <Json value={job.payloadSchema} what="schema of the payload" />
      </section>
      <section>
        <h2>Result</h2>
        {job.resultSchema === null || job.resultSchema === undefined ? (
          <p>Results are not described: any is taken.</p>
        ) : (
          <>
            <Properties schema={job.resultSchema} />
            <Json value={job.resultSchema} what="schema of the result" />
          </>
        )}
      </section>
    </div>
  );
}
