/** Whether the command palette is open, and with what. */
import { createObservedValue, useStore } from '../live/store.ts';

export type PaletteKind = 'all' | 'rooms';

const open = createObservedValue<PaletteKind | undefined>(undefined);

export function openPalette(kind: PaletteKind): void {
  open.set(kind);
}

export function closePalette(): void {
  open.set(undefined);
}

export function usePalette(): PaletteKind | undefined {
  return useStore(open);
}
