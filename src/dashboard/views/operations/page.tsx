import { lazy, Suspense } from 'react';
import { type Operation, OperationsDocument } from '../../api/operations.ts';
import { useRead } from '../../api/read.ts';
import { Button } from '../../design/button.tsx';
import { ErrorNote, Loading } from '../../design/note.tsx';
import { spanText } from '../../design/text.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import styles from './page.module.css';
import { Runs } from './runs.tsx';

const RunOperation = lazy(() =>
  import('./run-operation.tsx').then(({ RunOperation }) => ({ default: RunOperation })),
);

export function Page() {
  const { data, error, loading, again } = useRead('operations', OperationsDocument, {});
  const search = useSearchText();
  const change = useChangeSearch();
  const operations = data?.operations ?? [];
  const running = operations.find(({ name }) => name === search.run);
  return (
    <div className={pageStyles.page}>
      <PageHead title="Operations" aside="Maintenance that the servers do, and that you can start" />
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {loading && <Loading what="the operations" />}
      <ul className={styles.operations}>
        {operations.map((operation) => (
          <OperationCard
            key={operation.name}
            operation={operation}
            isChosen={search.operation === operation.name}
            choose={(name) => change({ operation: name })}
            run={() => change({ run: operation.name })}
          />
        ))}
      </ul>
      <Runs operation={search.operation || undefined} operations={operations} />
      {running && !isReadOnly && (
        <Suspense fallback={null}>
          <RunOperation operation={running} close={() => change({ run: undefined })} />
        </Suspense>
      )}
    </div>
  );
}

interface CardProps {
  operation: Operation;
  isChosen: boolean;
  choose(name: string | undefined): void;
  run(): void;
}

function OperationCard({ operation, isChosen, choose, run }: CardProps) {
  const { name, description, automaticEverySeconds: every } = operation;
  return (
    <li className={styles.operation}>
      <h2>
        <code>{name}</code>
      </h2>
      <p className={styles.text}>{description}</p>
      <p className={styles.every}>
        {every ? `By itself every ${spanText(every * 1000)}` : 'Never by itself'}
      </p>
      <p className={styles.foot}>
        <Button kind="quiet" aria-pressed={isChosen} onClick={() => choose(isChosen ? undefined : name)}>
          Its runs
        </Button>
        {!isReadOnly && <Button onClick={run}>Run…</Button>}
      </p>
    </li>
  );
}
