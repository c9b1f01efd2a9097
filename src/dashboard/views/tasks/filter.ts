/** The filter of a list of tasks, as it stands in the address. */
import { STATUSES } from '../../design/status.tsx';
import type { Search } from '../../frame/search.ts';
import type { JsonCondition, TaskFilter, TaskStatus } from '../../generated/graphql.ts';
import { CONDITIONS } from './conditions.ts';
import { instantOf } from './instant.ts';

const LABEL = 'label.';
const PAYLOAD = 'payload.';

export interface TaskQuery {
  statuses: readonly TaskStatus[];
  /** Everything but the statuses. */
  filter: TaskFilter;
}

/** The filter with the statuses. */
export function wholeFilter({ statuses, filter }: TaskQuery): TaskFilter {
  return statuses.length > 0 ? { ...filter, statuses: [...statuses] } : filter;
}

export function readTaskQuery(search: Search): TaskQuery {
  const labels = Object.fromEntries(named(search, LABEL));
  const payload = named(search, PAYLOAD).map(payloadCondition);
  const [entityType, entityId] = splitOnce(search.entity, ':');
  const filter: TaskFilter = {
    job: search.job || undefined,
    createdBy: search.by || undefined,
    correlationId: search.correlation || undefined,
    entityType: entityType || undefined,
    entityId: entityId || undefined,
    idempotencyKey: search.key || undefined,
    createdAfter: instantOf(search.from),
    createdBefore: instantOf(search.to),
    finishedAfter: instantOf(search.ended),
    finishedBefore: instantOf(search.endedBy),
    errorCode: search.error || undefined,
    errorFingerprint: search.fingerprint || undefined,
    text: search.q || undefined,
    workerId: search.worker || undefined,
    minPriority: /^-?\d+$/.test(search.priority ?? '') ? Number(search.priority) : undefined,
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    payload: payload.length > 0 ? payload : undefined,
  };
  return { statuses: statusesOf(search), filter: withoutUndefined(filter) };
}

export function statusesOf({ status }: Search): TaskStatus[] {
  const asked = (status ?? '').split(',');
  return STATUSES.filter((known) => asked.includes(known));
}

/** The conditions that are set, to be shown as badges: name in the address, label, value. */
export function conditionLabelsOf(search: Search): { name: string; label: string; value: string }[] {
  const plain = CONDITIONS.flatMap(({ name, label }) => {
    const value = search[name];
    return value ? [{ name: name as string, label: label as string, value }] : [];
  });
  return [
    ...plain,
    ...named(search, LABEL).map(([label, value]) => ({ name: LABEL + label, label, value })),
    ...named(search, PAYLOAD).map(([path, value]) => ({
      name: PAYLOAD + path,
      label: `Payload ${path}`,
      value,
    })),
  ];
}

/** What the address says of things whose names are free: labels, values of the payload. */
function named(search: Search, prefix: string): [string, string][] {
  return Object.entries(search).flatMap(([name, value]) =>
    name.startsWith(prefix) && value ? [[name.slice(prefix.length), value] as [string, string]] : [],
  );
}

/** `user.id` and `7` as `/user/id` and the number 7; what is no JSON is text. */
function payloadCondition([path, value]: [string, string]): JsonCondition {
  const pointer = path
    .split('.')
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  return { path: pointer, equals: writtenValue(value) };
}

function writtenValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What takes every condition away, the room stays. */
export function noConditions(search: Search): Search {
  return Object.fromEntries(
    Object.keys(search)
      .filter(
        (name) =>
          name === 'status' ||
          name.startsWith(LABEL) ||
          name.startsWith(PAYLOAD) ||
          CONDITIONS.some((known) => known.name === name),
      )
      .map((name) => [name, undefined]),
  );
}

/** The name in the address of a condition whose own name is free. */
export function freeCondition(kind: 'label' | 'payload', name: string): string {
  return (kind === 'label' ? LABEL : PAYLOAD) + name;
}

function splitOnce(text: string | undefined, by: string): [string | undefined, string | undefined] {
  if (!text) return [undefined, undefined];
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
