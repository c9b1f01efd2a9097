/** A table of what is short: every row is there. Narrow, each row is a card. */
import type { ReactNode } from 'react';
import styles from './table.module.css';

export interface TableColumn<T> {
  label: string;
  /** Says the label only to readers of the screen. */
  hideLabel?: boolean;
  /** What the row is: the head of its card. */
  isTitle?: boolean;
  numeric?: boolean;
  cell(row: T): ReactNode;
}

export interface TableProps<T> {
  label: string;
  rows: readonly T[];
  keyOf(row: T): string;
  columns: readonly TableColumn<T>[];
  /** Drawn fainter: over, lost, retired. */
  isFaint?(row: T): boolean;
}

export function Table<T>({ label, rows, keyOf, columns, isFaint }: TableProps<T>) {
  return (
    <div className={styles.area}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" data-numeric={column.numeric || undefined}>
                {column.hideLabel ? <span className="visually-hidden">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-faint={isFaint?.(row) || undefined}>
              {columns.map((column) => (
                <td
                  key={column.label}
                  data-label={column.hideLabel || column.isTitle ? '' : column.label}
                  data-numeric={column.numeric || undefined}
                  data-title={column.isTitle || undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
