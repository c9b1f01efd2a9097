import styles from './progress.module.css';

/** How far something is: a bar and the figure. */
export function ProgressBar({ percent, label = 'Progress' }: { percent: number; label?: string }) {
  const shown = Math.round(percent);
  return (
    <span
      className={styles.progress}
      role="progressbar"
      aria-label={label}
      aria-valuenow={shown}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span className={styles.bar}>
        <span className={styles.fill} style={{ width: `${percent}%` }} />
      </span>
      <span className={styles.figure}>{shown} %</span>
    </span>
  );
}

/** Parts of a whole, such as slots. */
export function UsageMeter({ used, of, label }: { used: number; of: number; label: string }) {
  const share = of > 0 ? Math.min(1, used / of) : 0;
  return (
    <span
      className={styles.progress}
      role="meter"
      aria-label={label}
      aria-valuenow={used}
      aria-valuemin={0}
      aria-valuemax={of}
    >
      <span className={styles.bar}>
        <span className={styles.fill} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={styles.figure}>
        {used}/{of}
      </span>
    </span>
  );
}
