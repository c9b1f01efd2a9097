import { ArrowDown, ArrowUp, ChevronsLeftRight, ChevronsRightLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../../design/button.tsx';
import { Check } from '../../design/field.tsx';
import { Popover } from '../../design/popover.tsx';
import styles from './column-chooser.module.css';
import { COLUMNS, type Column } from './columns.tsx';
import { drawnWidth, resetWidths, setWidth, useWidths, WIDTH_STEP } from './widths.tsx';

export interface ColumnChooserProps {
  columns: readonly Column[];
  icon: ReactNode;
  /** The ids with commas between them. */
  choose(ids: string): void;
}

/** Which columns, in which order, and how wide. */
export function ColumnChooser({ columns, icon, choose }: ColumnChooserProps) {
  const chosen = columns.map(({ id }) => id);
  const others = COLUMNS.filter(({ id }) => !chosen.includes(id));
  const widths = useWidths();
  const widen = (id: string, by: number) => {
    const now = drawnWidth(id);
    if (now !== undefined) setWidth(id, now + by);
  };
  const set = (ids: string[]) => choose(ids.join(','));
  const move = (at: number, by: number) => {
    const ids = [...chosen];
    const [id] = ids.splice(at, 1);
    ids.splice(at + by, 0, id as string);
    set(ids);
  };
  return (
    <Popover button={<>{icon} Columns</>}>
      {() => (
        <ul className={styles.list}>
          {columns.map(({ id, label }, at) => (
            <li key={id} className={styles.item}>
              <Check
                label={label}
                checked
                disabled={chosen.length === 1}
                onChange={() => set(chosen.filter((other) => other !== id))}
              />
              <IconButton label={`${label}: earlier`} disabled={at === 0} onClick={() => move(at, -1)}>
                <ArrowUp size={13} aria-hidden />
              </IconButton>
              <IconButton
                label={`${label}: later`}
                disabled={at === chosen.length - 1}
                onClick={() => move(at, 1)}
              >
                <ArrowDown size={13} aria-hidden />
              </IconButton>
              <IconButton label={`${label}: narrower`} onClick={() => widen(id, -WIDTH_STEP)}>
                <ChevronsRightLeft size={13} aria-hidden />
              </IconButton>
              <IconButton label={`${label}: wider`} onClick={() => widen(id, WIDTH_STEP)}>
                <ChevronsLeftRight size={13} aria-hidden />
              </IconButton>
            </li>
          ))}
          {others.map(({ id, label }) => (
            <li key={id} className={styles.item}>
              <Check label={label} checked={false} onChange={() => set([...chosen, id])} />
            </li>
          ))}
          {chosen.some((id) => widths[id] !== undefined) && (
            <li className={styles.item}>
              <Button kind="quiet" onClick={() => resetWidths(chosen)}>
                The first widths again
              </Button>
            </li>
          )}
        </ul>
      )}
    </Popover>
  );
}
