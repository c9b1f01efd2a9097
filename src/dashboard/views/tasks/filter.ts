/** The filter of a list of tasks, as it stands in the address. */
import { STATUSES } from '../../design/status.tsx';
import type { Search } from '../../frame/search.ts';
import type { TaskFilter, TaskStatus } from '../../generated/graphql.ts';

/** Conditions other than status, room and labels, by their name in the address. */
export const CONDITIONS = [
  { name: 'job', label: 'Job', placeholder: 'room:category:name' },
  { name: 'by', label: 'Created by', placeholder: 'an identity' },
  { name: 'correlation', label: 'Correlation', placeholder: 'a correlation id' },
  { name: 'entity', label: 'Entity', placeholder: 'type:id, or a type' },
  { name: 'key', label: 'Idempotency key', placeholder: 'a key' },
  { name: 'from', label: 'Created after', placeholder: '2026-11-30T09:00' },
  { name: 'to', label: 'Created before', placeholder: '2026-11-30T12:00' },
] as const;

export type ConditionName = (typeof CONDITIONS)[number]['name'];

const LABEL = 'label.';

export interface TaskQuery {
  statuses: readonly TaskStatus[];
  /** Everything but the statuses: what never changes in a task's life. */
  filter: TaskFilter;
}

export function readTaskQuery(search: Search): TaskQuery {
  const labels = Object.fromEntries(labelsOf(search));
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
    labels: Object.keys(labels).length > 0 ? labels : undefined,
  };
  return { statuses: statusesOf(search), filter: withoutUndefined(filter) };
}

export function statusesOf({ status }: Search): TaskStatus[] {
  const asked = (status ?? '').split(',');
  return STATUSES.filter((known) => asked.includes(known));
}

/** The conditions that are set, to be shown as badges: name in the address, label, value. */
export function conditionsOf(search: Search): { name: string; label: string; value: string }[] {
  const plain = CONDITIONS.flatMap(({ name, label }) => {
    const value = search[name];
    return value ? [{ name: name as string, label: label as string, value }] : [];
  });
  return [...plain, ...labelsOf(search).map(([label, value]) => ({ name: LABEL + label, label, value }))];
}

function labelsOf(search: Search): [string, string][] {
  return Object.entries(search).flatMap(([name, value]) =>
    name.startsWith(LABEL) && value ? [[name.slice(LABEL.length), value] as [string, string]] : [],
  );
}

/** What takes every condition away, the room stays. */
export function noConditions(search: Search): Search {
  return Object.fromEntries(
    Object.keys(search)
      .filter(
        (name) =>
          name === 'status' || name.startsWith(LABEL) || CONDITIONS.some((known) => known.name === name),
      )
      .map((name) => [name, undefined]),
  );
}

export function labelCondition(name: string): string {
  return LABEL + name;
}

/** An instant as the API takes it, from what a person writes: local time unless it says otherwise. */
function instantOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function splitOnce(text: string | undefined, by: string): [string | undefined, string | undefined] {
  if (!text) return [undefined, undefined];
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
