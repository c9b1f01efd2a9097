/** How the streams of the page are: what the dot in the header says. */
import type { ConnectionStatus } from '../../client/connection/status.ts';
import { createStore, type Store } from './store.ts';

/** With when it was so, in milliseconds since 1970. */
export type Connectedness = ConnectionStatus & { since: number };

export const connectedness: Store<Connectedness> = createStore<Connectedness>({ state: 'idle', since: 0 });

export function noteStatus(status: ConnectionStatus): void {
  connectedness.set({ ...status, since: Date.now() });
}
