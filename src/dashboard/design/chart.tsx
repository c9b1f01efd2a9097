/** A chart of a series over time. Brushing it chooses a span. For readers of the screen there is a table. */
import { lazy, Suspense } from 'react';
import styles from './chart.module.css';
import type { ChartProps } from './chart-props.ts';
import { timeText } from './text.ts';

const Canvas = lazy(() => import('./chart-canvas.tsx'));

export function Chart(props: ChartProps) {
  const { title, times, lines, format } = props;
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>
        <span className={styles.legend}>
          {lines.map(({ label, colour, values }) => (
            <span key={label} className={styles.key}>
              <span className={styles.swatch} style={{ background: `var(${colour})` }} aria-hidden="true" />
              {label} <strong>{lastText(values, format)}</strong>
            </span>
          ))}
        </span>
      </figcaption>
      <div className={styles.canvas} aria-hidden="true">
        <Suspense fallback={null}>
          <Canvas {...props} />
        </Suspense>
      </div>
      <table className="visually-hidden">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {lines.map(({ label }) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, at) => (
            <tr key={time}>
              <th scope="row">{timeText(time, 'local')}</th>
              {lines.map(({ label, values }) => (
                <td key={label}>
                  {values[at] === null || values[at] === undefined ? '' : format(values[at])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function lastText(values: readonly (number | null)[], format: (value: number) => string): string {
  const last = values.findLast((value) => value !== null);
  return last === undefined || last === null ? '–' : format(last);
}
