/** Event: an entry of the audit log. */
import {
  AUDIT_ENTRY_TYPES,
  AUDIT_SEVERITIES,
  type AuditEntry,
  type AuditEntryType,
} from '../../domain/audit.ts';
import { type IdPrefix, toTypeId } from '../../domain/typeid.ts';
import type { Event as PrismaEvent } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';

export const EventSeverityEnum = builder.enumType('EventSeverity', {
  description: 'From least to most severe.',
  values: AUDIT_SEVERITIES,
});

export const EventTypeEnum = builder.enumType('EventType', {
  description: 'The types of events of the audit log.',
  values: Object.fromEntries(
    Object.entries(AUDIT_ENTRY_TYPES).map(([type, description]) => [type, { value: type, description }]),
  ) as Record<AuditEntryType, { value: AuditEntryType; description: string }>,
});

export const EventTypeNode = builder.prismaNode('Event', {
  description: 'An entry of the audit log. It never changes.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    type: t.field({ type: EventTypeEnum, resolve: ({ type }) => type as AuditEntryType }),
    severity: t.expose('severity', { type: EventSeverityEnum }),
    room: t.exposeString('room', { nullable: true, description: 'Null: no room, or all.' }),
    actor: t.exposeString('actor', {
      description: 'The identity that brought it about; "@system" for the server itself.',
    }),
    correlationId: t.exposeString('correlationId', { nullable: true }),
    subject: t.id({
      nullable: true,
      description: 'Id of what it is about: a task, job, worker, run …; it may be gone by now.',
      resolve: subjectOf,
    }),
    payload: t.expose('payload', {
      type: 'JSON',
      description: 'The details, by type, as a JSON object: see docs/operations.md.',
    }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
});

/** TypeID of what the event is about. */
function subjectOf(event: { subjectKind: string | null; subjectId: string | null }): string | null {
  return event.subjectKind && event.subjectId
    ? toTypeId(event.subjectKind as IdPrefix, event.subjectId)
    : null;
}

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asEvent(row: AuditEntry): PrismaEvent {
  return row as unknown as PrismaEvent;
}
