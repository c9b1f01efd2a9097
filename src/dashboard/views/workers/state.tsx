/** How a worker is, as a lamp with its word. */
import type { WorkerRow } from '../../api/workers.ts';
import { Lamp } from '../../design/lamp.tsx';
import { type Drain, drainOf } from './drain-state.ts';

const WORDS: Record<Drain, string> = { asked: 'Asked to drain', draining: 'Draining', drained: 'Drained' };

export function WorkerState({ worker }: { worker: WorkerRow }) {
  const { alive, lostAt } = worker;
  if (lostAt || !alive) return <Lamp kind="off">{lostAt ? 'Lost' : 'Silent'}</Lamp>;
  const drain = drainOf(worker);
  if (drain) return <Lamp kind={drain === 'drained' ? 'off' : 'caution'}>{WORDS[drain]}</Lamp>;
  return <Lamp kind="good">Alive</Lamp>;
}
