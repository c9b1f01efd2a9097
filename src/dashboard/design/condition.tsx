/** One condition of a list, which a click takes away. */
import { X } from 'lucide-react';
import { IconButton } from './button.tsx';
import styles from './condition.module.css';

export interface ConditionProps {
  label: string;
  value: string;
  remove(): void;
}

export function Condition({ label, value, remove }: ConditionProps) {
  return (
    <span className={styles.condition}>
      <span className={styles.name}>{label}</span>
      <bdi className={styles.value} title={value}>
        {value}
      </bdi>
      <IconButton label={`Remove ${label}`} onClick={remove}>
        <X size={13} aria-hidden />
      </IconButton>
    </span>
  );
}
