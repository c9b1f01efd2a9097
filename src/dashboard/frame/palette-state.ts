/** Whether the command palette is open, and with what. */
import { createStore, useStore } from '../live/store.ts';

export type PaletteKind = 'all' | 'rooms';

const open = createStore<PaletteKind | undefined>(undefined);

export function openPalette(kind: PaletteKind): void {
  open.set(kind);
}

export function closePalette(): void {
  open.set(undefined);
}

export function usePalette(): PaletteKind | undefined {
  return useStore(open);
}
