/** How the streams of the page are: what the dot in the header says. */
import { createStore, type Store } from './store.ts';

export type StreamState =
  | { is: 'opening' }
  | { is: 'live' }
  /** Lost; tried again at `until`, in milliseconds since 1970. */
  | { is: 'waiting'; until: number; why: string };

export type Connectedness = StreamState | { is: 'idle' };

const streams = new Map<object, StreamState>();
export const connectedness: Store<Connectedness> = createStore<Connectedness>({ is: 'idle' });

/** Says how one stream is; undefined when it has ended. */
export function setStreamState(stream: object, state: StreamState | undefined): void {
  if (state) streams.set(stream, state);
  else streams.delete(stream);
  connectedness.set(summary());
}

/** The worst of all: what is shown must hold for every figure on the page. */
function summary(): Connectedness {
  const states = [...streams.values()];
  const waiting = states.filter((state) => state.is === 'waiting');
  if (waiting.length > 0) return waiting.reduce((a, b) => (a.until < b.until ? a : b));
  return states.find(({ is }) => is === 'opening') ?? states[0] ?? { is: 'idle' };
}
