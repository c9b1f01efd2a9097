/** The contenders by the names that cases and results have for them. */
import { bullmq } from './bullmq.ts';
import type { Contender, Place } from './contender.ts';
import { graphileWorker } from './graphile-worker.ts';
import { pgBoss } from './pg-boss.ts';
import { signalbox } from './signalbox.ts';

const OPEN = {
  'Signalbox, HTTP': (place) => signalbox(place, { over: 'http' }),
  'Signalbox, one socket': (place) => signalbox(place, { over: 'socket' }),
  'Signalbox, 2 servers': (place) => signalbox(place, { over: 'http', servers: 2 }),
  'Signalbox, 4 servers': (place) => signalbox(place, { over: 'http', servers: 4 }),
  'graphile-worker, defaults': (place) => graphileWorker(place, 'defaults'),
  'graphile-worker, documented': (place) => graphileWorker(place, 'documented'),
  'graphile-worker, no local queue': (place) => graphileWorker(place, 'latency'),
  'pg-boss, defaults': (place) => pgBoss(place, 'defaults'),
  'pg-boss, documented': (place) => pgBoss(place, 'documented'),
  'BullMQ on PostgreSQL': (place) => bullmq(place, 'postgres', 'documented'),
  'BullMQ on Redis (not durable)': (place) => bullmq(place, 'redis', 'documented'),
} satisfies Record<string, (place: Place) => Promise<Contender>>;

export type ContenderName = keyof typeof OPEN;

export function openContender(name: ContenderName, place: Place): Promise<Contender> {
  return OPEN[name](place);
}
