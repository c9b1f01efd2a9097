/** The course of a figure in a word's space: a bar for each interval, the last one is under way. */
import styles from './sparkline.module.css';

export interface SparklineProps {
  values: readonly number[];
  /** Of what went wrong: stands on top of the values. */
  bad?: readonly number[];
  /** What it shows, for readers of the screen. */
  label: string;
}

const WIDTH = 96;
const HEIGHT = 20;

export function Sparkline({ values, bad = [], label }: SparklineProps) {
  const count = Math.max(1, values.length, bad.length);
  const sums = Array.from({ length: count }, (_, at) => (values[at] ?? 0) + (bad[at] ?? 0));
  const most = Math.max(1, ...sums);
  const step = WIDTH / count;
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 1)));
  const failed = sumOf(bad);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${sumOf(sums)}${failed > 0 ? `, ${failed} of them failed` : ''}`}
      className={styles.sparkline}
    >
      <path d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} className={styles.ground} />
      {sums.map((sum, at) => {
        const good = heightOf(values[at] ?? 0);
        const ill = Math.min(HEIGHT - 1 - Math.min(good, HEIGHT - 3), heightOf(bad[at] ?? 0));
        const place = { x: at * step, width: Math.max(1, step - 0.6) };
        return (
          sum > 0 && (
            // biome-ignore lint/suspicious/noArrayIndexKey: an interval is its place.
            <g key={at}>
              {good > 0 && <rect {...place} y={HEIGHT - good} height={good} />}
              {ill > 0 && <rect {...place} y={HEIGHT - good - ill} height={ill} className={styles.bad} />}
            </g>
          )
        );
      })}
    </svg>
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
