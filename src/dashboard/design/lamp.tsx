/** A lamp and its word: what is on, what is off, what needs care. The shapes differ as the colours do. */
import type { ReactNode } from 'react';
import styles from './lamp.module.css';

export type LampKind = 'good' | 'caution' | 'danger' | 'off' | 'busy';

export function Lamp({ kind, children }: { kind: LampKind; children: ReactNode }) {
  return (
    <span className={styles.lamp} data-kind={kind}>
      <span className={styles.light} aria-hidden="true" />
      {children}
    </span>
  );
}
