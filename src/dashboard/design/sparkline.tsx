/** The course of a figure in a word's space: a bar for each interval, the last one is under way. */
import styles from './sparkline.module.css';

export interface SparklineProps {
  values: readonly number[];
  /** What it shows, for readers of the screen. */
  label: string;
  bad?: boolean;
}

const WIDTH = 96;
const HEIGHT = 20;

export function Sparkline({ values, label, bad = false }: SparklineProps) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}: ${values.reduce((sum, value) => sum + value, 0)}`}
      className={styles.sparkline}
      data-bad={bad || undefined}
    >
      <path d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} className={styles.ground} />
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 1));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an interval is its place.
            key={at}
            x={at * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 0.6)}
            height={height}
          />
        );
      })}
    </svg>
  );
}
