/** How a worker is, as a lamp with its word. */
import type { WorkerRow } from '../../api/workers.ts';
import { Lamp } from '../../design/lamp.tsx';

export function WorkerState({ worker: { alive, lostAt, drainingSince } }: { worker: WorkerRow }) {
  if (lostAt || !alive) return <Lamp kind="off">{lostAt ? 'Lost' : 'Silent'}</Lamp>;
  if (drainingSince) return <Lamp kind="caution">Draining</Lamp>;
  return <Lamp kind="good">Alive</Lamp>;
}
