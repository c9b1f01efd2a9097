/** How a run of an operation is, and what it has counted. */
import type { OperationRunRow } from '../../api/operations.ts';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { countText, wordOf } from '../../design/text.ts';
import type { OperationRunStatus } from '../../generated/graphql.ts';
import styles from './run-state.module.css';

const KINDS: Record<OperationRunStatus, LampKind> = {
  RUNNING: 'busy',
  COMPLETED: 'good',
  FAILED: 'danger',
  SKIPPED: 'off',
};

export function RunState({ run: { status, stale } }: { run: OperationRunRow }) {
  if (stale) return <Lamp kind="caution">Silent for an hour</Lamp>;
  return <Lamp kind={KINDS[status]}>{wordOf(status)}</Lamp>;
}

interface MetricsProps {
  metrics: unknown;
  /** JSON Schema of the metrics: its descriptions say what was counted. */
  schema: unknown;
}

/** Every figure with what it means. */
export function RunMetricsList({ metrics, schema }: MetricsProps) {
  const entries = figuresOf(metrics);
  const described = (schema as { properties?: Record<string, { description?: string }> } | undefined)
    ?.properties;
  if (entries.length === 0) return <p className={styles.none}>Nothing counted yet.</p>;
  return (
    <table className={styles.metrics}>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name} data-zero={value === 0 || undefined}>
            <td className={styles.figure}>{typeof value === 'number' ? countText(value) : String(value)}</td>
            <th scope="row">
              {wordOf(name)} <span className={styles.meaning}>{described?.[name]?.description}</span>
            </th>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** In one line: what is not zero. */
export function MetricsLine({ metrics }: { metrics: unknown }) {
  const entries = figuresOf(metrics).filter(([, value]) => value !== 0);
  if (entries.length === 0) return <span className={styles.none}>nothing to do</span>;
  return entries
    .map(
      ([name, value]) =>
        `${typeof value === 'number' ? countText(value) : value} ${name.replaceAll('_', ' ')}`,
    )
    .join(', ');
}

function figuresOf(metrics: unknown): [string, unknown][] {
  return Object.entries((metrics ?? {}) as Record<string, unknown>).filter(
    ([, value]) => typeof value !== 'object',
  );
}
