/** What is measured, with whom, and what is wanted of it. */
import type { ContenderName } from './contenders/open.ts';
import type { Measurement } from './measure/once.ts';

export interface Case {
  id: string;
  title: string;
  measurement: Measurement;
  contenders: ContenderName[];
  /** Rows that the database holds besides, see measure/history.ts. */
  history?: { waiting: number; finished: number };
  goals: Goal[];
}

/** A figure of ours against the best of others, or against the same figure of another case. */
export interface Goal {
  /** As in requirements.md. */
  name: string;
  value: string;
  ours: ContenderName;
  /** The contenders, or the case (with our own contender there), that ours is compared with. */
  against: ContenderName[] | { case: string };
  /** Ours is at least so many times theirs; for times, where less is better, at most. */
  atLeast?: number;
  atMost?: number;
}

const HTTP = 'Signalbox, HTTP';
const SOCKET = 'Signalbox, one socket';
const GRAPHILE = 'graphile-worker, documented';
const DURABLE: ContenderName[] = [GRAPHILE, 'pg-boss, documented', 'BullMQ on PostgreSQL'];
const REDIS = 'BullMQ on Redis (not durable)';
const RATE = 'tasks/s';

const single: Measurement = { kind: 'single', inFlight: 50, warmUp: 2, seconds: 3 };
const lists = (length: number): Measurement => ({
  kind: 'lists',
  length,
  inFlight: 4,
  warmUp: 1.5,
  seconds: 2,
});

/** `quick` is for work on the code: the same cases, smaller. */
export function casesOf(quick: boolean): Case[] {
  const many = quick ? 20_000 : 100_000;
  const some = quick ? 2_000 : 6_000;
  const beginning: Measurement = { kind: 'drain', tasks: quick ? 5_000 : 30_000, more: 1 };
  const history = quick ? { waiting: 20_000, finished: 100_000 } : { waiting: 200_000, finished: 1_000_000 };
  const latency = (rate: number): Measurement => ({
    kind: 'latency',
    rate,
    warmUp: 1,
    seconds: quick ? 3 : rate < 100 ? 5 : 3,
  });
  return [
    {
      id: 'single',
      title: 'Q1: single submissions, 50 in flight',
      measurement: single,
      contenders: [HTTP, SOCKET, ...DURABLE, REDIS],
      goals: [
        { name: 'Q1 over HTTP', value: RATE, ours: HTTP, against: DURABLE, atLeast: 2 },
        { name: 'Q1 over one socket', value: RATE, ours: SOCKET, against: DURABLE, atLeast: 4 },
      ],
    },
    ...[100, 1_000].map(
      (length): Case => ({
        id: `lists-${length}`,
        title: `Q1: submissions in lists of ${length}, 4 lists in flight`,
        measurement: lists(length),
        contenders: [HTTP, SOCKET, GRAPHILE, 'pg-boss, documented'],
        goals: [HTTP, SOCKET].map(
          (ours): Goal => ({
            name: `Q1 lists of ${length}, ${ours}`,
            value: RATE,
            ours: ours as ContenderName,
            against: [GRAPHILE],
            atLeast: 0.5,
          }),
        ),
      }),
    ),
    {
      id: 'drain',
      title: `Q2: ${many.toLocaleString('en')} waiting tasks through one worker`,
      measurement: { kind: 'drain', tasks: many },
      contenders: [SOCKET, GRAPHILE, 'pg-boss, documented'],
      goals: [{ name: 'Q2', value: RATE, ours: SOCKET, against: [GRAPHILE], atLeast: 1.5 }],
    },
    {
      id: 'drain-watched',
      title: 'Q2: the same with a live subscriber of the room',
      measurement: { kind: 'drain', tasks: many, watched: true },
      contenders: [SOCKET],
      goals: [{ name: 'Q2 watched', value: RATE, ours: SOCKET, against: { case: 'drain' }, atLeast: 0 }],
    },
    {
      id: 'drain-defaults',
      title: `Q2: ${some.toLocaleString('en')} waiting tasks, peers at their defaults`,
      measurement: { kind: 'drain', tasks: some },
      contenders: [SOCKET, 'graphile-worker, defaults', 'BullMQ on PostgreSQL'],
      goals: [
        {
          name: 'Q2 defaults',
          value: RATE,
          ours: SOCKET,
          against: ['graphile-worker, defaults'],
          atLeast: 15,
        },
      ],
    },
    ...[20, 500].map(
      (rate): Case => ({
        id: `latency-${rate}`,
        title: `Q3: submission to handler start, ${rate} tasks a second`,
        measurement: latency(rate),
        contenders: [SOCKET, GRAPHILE, 'graphile-worker, no local queue'],
        goals: ['start p50 ms', 'start p99 ms'].map(
          (value): Goal => ({
            name: `Q3 ${value} at ${rate}/s`,
            value,
            ours: SOCKET,
            against: [GRAPHILE, 'graphile-worker, no local queue'],
            atMost: 1,
          }),
        ),
      }),
    ),
    {
      id: 'drain-empty',
      title: 'Q5: claimed and handled, nothing else stored',
      measurement: beginning,
      contenders: [SOCKET],
      goals: [],
    },
    {
      id: 'drain-full',
      title: 'Q5: claimed and handled, with a past',
      measurement: beginning,
      contenders: [SOCKET],
      history,
      goals: [
        { name: 'Q5 drain', value: RATE, ours: SOCKET, against: { case: 'drain-empty' }, atLeast: 0.9 },
      ],
    },
    {
      id: 'single-full',
      title: 'Q5: single submissions, 50 in flight, with a past',
      measurement: single,
      contenders: [SOCKET],
      history,
      goals: [
        { name: 'Q5 submissions', value: RATE, ours: SOCKET, against: { case: 'single' }, atLeast: 0.9 },
      ],
    },
    {
      id: 'servers',
      title: 'Several servers: single submissions over HTTP, 50 in flight in all',
      measurement: single,
      contenders: ['Signalbox, 2 servers', 'Signalbox, 4 servers'],
      goals: [],
    },
  ];
}
