/** How the streams of the page are: what the dot in the header says. */
import type { ConnectionStatus } from '../../client/connection/status.ts';
import { createObservedValue, type ObservedValue } from './store.ts';

/** With when it was so, in milliseconds since 1970. */
export type Connectedness = ConnectionStatus & { since: number };

export const connectedness: ObservedValue<Connectedness> = createObservedValue<Connectedness>({
  state: 'idle',
  since: 0,
});

export function noteStatus(status: ConnectionStatus): void {
  connectedness.set({ ...status, since: Date.now() });
}
