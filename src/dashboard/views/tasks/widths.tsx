/** How wide columns are: dragged at their right edge, or set in the menu of columns, and remembered by this browser. */
import { type PointerEvent, useCallback } from 'react';
import { changeSettings, settings, useSettings } from '../../live/settings.ts';
import type { Column } from './columns.tsx';
import styles from './table.module.css';

const LEAST = 48;
const MOST = 900;
/** Pixels that the menu changes a width by. */
export const WIDTH_STEP = 24;
/** Of a column that takes what is left: so much it needs. */
const NEEDED = 84;
/** The box that selects a row, and the arrow that opens it. */
const CHECK = '52px';

type Widths = Readonly<Record<string, number>>;

export function useWidths(): Widths {
  return useSettings().widths;
}

/** The columns as tracks of a grid. */
export function tracksOf(columns: readonly Column[], widths: Widths): string {
  return [CHECK, ...columns.map(({ id, width }) => (widths[id] ? `${widths[id]}px` : width))].join(' ');
}

/** Below this the table scrolls. */
export function leastWidthOf(columns: readonly Column[], widths: Widths): number {
  return columns.reduce((sum, { id }) => sum + (widths[id] ?? NEEDED), 0);
}

export function setWidth(id: string, width: number): void {
  const rounded = Math.round(Math.min(MOST, Math.max(LEAST, width)));
  changeSettings({ widths: { ...settings.get().widths, [id]: rounded } });
}

/** The widths that these columns begin with. */
export function resetWidths(ids: readonly string[]): void {
  const kept = Object.entries(settings.get().widths).filter(([id]) => !ids.includes(id));
  changeSettings({ widths: Object.fromEntries(kept) });
}

/** The width of a column as it is drawn; undefined where it is not. */
export function drawnWidth(id: string): number | undefined {
  const head = document.querySelector<HTMLElement>(`[data-column-head="${CSS.escape(id)}"]`);
  return head?.getBoundingClientRect().width;
}

/** The edge that is dragged. Of no use to the keyboard, which has the menu. A double click gives the first width back. */
export function ColumnEdge({ id }: { id: string }) {
  const drag = useCallback(
    ({ currentTarget: edge, pointerId, clientX: from, button }: PointerEvent<HTMLElement>) => {
      const before = drawnWidth(id);
      if (button !== 0 || before === undefined) return;
      edge.setPointerCapture(pointerId);
      const move = ({ clientX }: globalThis.PointerEvent) => setWidth(id, before + clientX - from);
      const end = () => {
        edge.removeEventListener('pointermove', move);
        edge.removeEventListener('lostpointercapture', end);
      };
      edge.addEventListener('pointermove', move);
      edge.addEventListener('lostpointercapture', end);
    },
    [id],
  );
  return (
    <span
      aria-hidden="true"
      className={styles.edge}
      title="Drag to widen; double click for the first width"
      onPointerDown={drag}
      onDoubleClick={() => resetWidths([id])}
    />
  );
}
