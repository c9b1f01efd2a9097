import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 719px)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the page is as narrow as on a phone: tables become cards, the drawer a page. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
