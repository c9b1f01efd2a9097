/**
 * The plan of the panel: the state machine of a task as stations and tracks. A test compares it with the server's table
 * of transitions: every edge of that one is on a track of this one.
 */
import type { Search } from '../../frame/search.ts';
import type { TaskStatus, TransitionReason } from '../../generated/graphql.ts';

export interface Station {
  status: TaskStatus;
  x: number;
  y: number;
  /** What a click shows. */
  to: string;
  search?: Search | undefined;
}

export const PLAN = { width: 1120, height: 316, station: { width: 132, height: 54 } };

const END = 1036;
const tasksIn = (status: TaskStatus) => ({ to: '/tasks', search: { status } });

export const STATIONS: readonly Station[] = [
  { status: 'WAITING', x: 196, y: 214, ...tasksIn('WAITING') },
  { status: 'PENDING', x: 372, y: 118, ...tasksIn('PENDING') },
  { status: 'CLAIMED', x: 572, y: 118, ...tasksIn('CLAIMED') },
  { status: 'RUNNING', x: 772, y: 118, ...tasksIn('RUNNING') },
  { status: 'CANCELLED', x: END, y: 34, ...tasksIn('CANCELLED') },
  { status: 'COMPLETED', x: END, y: 118, ...tasksIn('COMPLETED') },
  { status: 'PARTIAL', x: END, y: 202, ...tasksIn('PARTIAL') },
  { status: 'FAILED', x: END, y: 284, ...tasksIn('FAILED') },
];

export interface Edge {
  from: TaskStatus | null;
  to: TaskStatus;
  reason: TransitionReason;
}

export interface Track {
  id: string;
  /** Said of it: what happens on it. */
  label: string;
  edges: readonly Edge[];
  /** An SVG path. */
  path: string;
  /** Where its rate stands. */
  at: { x: number; y: number };
  to: string;
  search?: Search | undefined;
}

export const TRACKS: readonly Track[] = [
  {
    id: 'submit',
    label: 'Submitted',
    edges: [{ from: null, to: 'PENDING', reason: 'SUBMITTED' }],
    path: 'M28 118H306',
    at: { x: 150, y: 106 },
    to: '/tasks',
  },
  {
    id: 'submit waiting',
    label: 'Submitted, waits for others',
    edges: [{ from: null, to: 'WAITING', reason: 'SUBMITTED' }],
    path: 'M48 118L104 214H130',
    at: { x: 66, y: 190 },
    to: '/tasks',
    search: { status: 'WAITING' },
  },
  {
    id: 'unblock',
    label: 'Unblocked',
    edges: [{ from: 'WAITING', to: 'PENDING', reason: 'UNBLOCKED' }],
    path: 'M262 206H276L318 136',
    at: { x: 268, y: 160 },
    to: '/tasks',
    search: { status: 'PENDING' },
  },
  {
    id: 'claim',
    label: 'Claimed',
    edges: [{ from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED' }],
    path: 'M438 118H506',
    at: { x: 472, y: 106 },
    to: '/tasks',
    search: { status: 'CLAIMED' },
  },
  {
    id: 'start',
    label: 'Started',
    edges: [{ from: 'CLAIMED', to: 'RUNNING', reason: 'STARTED' }],
    path: 'M638 118H706',
    at: { x: 672, y: 106 },
    to: '/tasks',
    search: { status: 'RUNNING' },
  },
  {
    id: 'complete',
    label: 'Completed',
    edges: [{ from: 'RUNNING', to: 'COMPLETED', reason: 'COMPLETED' }],
    path: 'M838 118H970',
    at: { x: 926, y: 106 },
    to: '/tasks',
    search: { status: 'COMPLETED' },
  },
  {
    id: 'partial',
    label: 'Completed in part',
    edges: [{ from: 'RUNNING', to: 'PARTIAL', reason: 'COMPLETED' }],
    path: 'M838 126H852L900 202H970',
    at: { x: 936, y: 190 },
    to: '/tasks',
    search: { status: 'PARTIAL' },
  },
  {
    id: 'fail',
    label: 'Failed for good',
    edges: [
      { from: 'RUNNING', to: 'FAILED', reason: 'FAILED' },
      { from: 'RUNNING', to: 'FAILED', reason: 'WORKER_LOST' },
      { from: 'RUNNING', to: 'FAILED', reason: 'TIMED_OUT' },
    ],
    path: 'M822 145L898 276H970',
    at: { x: 936, y: 264 },
    to: '/dead-letters',
  },
  {
    id: 'cancel',
    label: 'Cancelled',
    edges: [
      { from: 'WAITING', to: 'CANCELLED', reason: 'CANCELLED' },
      { from: 'WAITING', to: 'CANCELLED', reason: 'DEPENDENCY_FAILED' },
      { from: 'PENDING', to: 'CANCELLED', reason: 'CANCELLED' },
      { from: 'CLAIMED', to: 'CANCELLED', reason: 'CANCELLED' },
      { from: 'RUNNING', to: 'CANCELLED', reason: 'CANCELLED' },
    ],
    path: 'M400 91L436 34H970M600 91L636 34M800 91L836 34',
    at: { x: 926, y: 22 },
    to: '/tasks',
    search: { status: 'CANCELLED' },
  },
  {
    id: 'given back',
    label: 'Given back or lost',
    edges: [
      { from: 'CLAIMED', to: 'PENDING', reason: 'RELEASED' },
      { from: 'RUNNING', to: 'PENDING', reason: 'RELEASED' },
      { from: 'CLAIMED', to: 'PENDING', reason: 'WORKER_LOST' },
      { from: 'RUNNING', to: 'PENDING', reason: 'WORKER_LOST' },
      { from: 'RUNNING', to: 'PENDING', reason: 'TIMED_OUT' },
    ],
    path: 'M748 145L722 180H428L404 145M572 145V180',
    at: { x: 500, y: 172 },
    to: '/tasks',
    search: { status: 'PENDING' },
  },
  {
    id: 'back-off',
    label: 'Back-off, then again',
    edges: [{ from: 'RUNNING', to: 'PENDING', reason: 'RETRY_SCHEDULED' }],
    path: 'M780 145L732 226H414L382 145',
    at: { x: 572, y: 218 },
    to: '/tasks',
    search: { status: 'PENDING' },
  },
  {
    id: 'retry',
    label: 'Retried by a person',
    edges: [{ from: 'FAILED', to: 'PENDING', reason: 'RETRY_REQUESTED' }],
    path: 'M970 294H388L352 145',
    at: { x: 600, y: 286 },
    to: '/dead-letters',
  },
];

const TRACK_OF = new Map(TRACKS.flatMap(({ id, edges }) => edges.map((edge) => [keyOf(edge), id])));

function keyOf({ from, to, reason }: Edge): string {
  return `${from ?? ''} ${to} ${reason}`;
}

/** The track that a transition goes over; undefined for one that is not on the plan. */
export function trackOf(edge: Edge): string | undefined {
  return TRACK_OF.get(keyOf(edge));
}
