/** How many rows have come above what is read, and wait until they are asked for. */
import { ArrowUp } from 'lucide-react';
import styles from './new-rows.module.css';

export interface NewRowsProps {
  count: number;
  /** Where it stands. */
  className: string | undefined;
  show(): void;
}

export function NewRows({ count, className, show }: NewRowsProps) {
  return (
    <button type="button" className={`${styles.pill} ${className}`} onClick={show}>
      <ArrowUp size={14} aria-hidden /> {count} new
    </button>
  );
}
