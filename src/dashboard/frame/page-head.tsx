import type { ReactNode } from 'react';
import styles from './page-head.module.css';

/** The title of a page, what is to be said of it, and what can be done. */
export function PageHead({
  title,
  aside,
  children,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles.head}>
      <h1>{title}</h1>
      {aside !== undefined && <span className={styles.aside}>{aside}</span>}
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
