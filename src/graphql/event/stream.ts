/** eventStream: the audit log live, without gaps. */
import { z } from 'zod';
import { type AuditEntry, isAtLeast } from '../../domain/audit.ts';
import { encodeCursor } from '../../domain/position.ts';
import { parseTypeId } from '../../domain/typeid.ts';
import { type AuditStreamItem, openAuditStream } from '../../events/streams/audit-streams.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { ResyncRequired, withPosition } from '../task/events.ts';
import { ACTOR, SUBJECT } from './queries.ts';
import { asEvent, EventSeverityEnum, EventTypeEnum, EventTypeNode } from './type.ts';

type Recorded = Extract<AuditStreamItem, { kind: 'event' }>;

const EventRecorded = builder.objectRef<Recorded>('EventRecorded').implement({
  description: 'Something was written to the audit log.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Pass it as `after` to go on from here: some events may come again, none is missed.',
      resolve: ({ position, event }, _args, context) =>
        encodeCursor(context.services.log.epoch, position, event.id),
    }),
    event: t.field({ type: EventTypeNode, resolve: ({ event }) => asEvent(event) }),
  }),
});

const AuditEvent = builder.unionType('AuditEvent', {
  description: 'Every event in the order in which it was committed, without gaps.',
  types: [EventRecorded, ResyncRequired],
  resolveType: (item) => ((item as AuditStreamItem).kind === 'event' ? EventRecorded : ResyncRequired),
});

const texts = z.object({ actor: text(0, 256).nullish(), correlationId: text(0, 256).nullish() });

interface Wanted {
  minSeverity: AuditEntry['severity'];
  types?: readonly AuditEntry['type'][] | null | undefined;
  room?: string | null | undefined;
  actor?: string | null | undefined;
  correlationId?: string | null | undefined;
  subject?: string | null | undefined;
  after?: string | null | undefined;
}

builder.subscriptionField('eventStream', (t) =>
  t.field({
    type: AuditEvent,
    description: 'The audit log live. Starts at `after`, or now. For an ADMIN.',
    args: {
      minSeverity: t.arg({ type: EventSeverityEnum, required: true, defaultValue: 'INFO' }),
      types: t.arg({ type: [EventTypeEnum], description: 'Left out: all.' }),
      room: t.arg.string({ description: 'Only what concerns this room.' }),
      actor: t.arg.string({ description: ACTOR }),
      correlationId: t.arg.string({ description: 'Only what was recorded with this correlation id.' }),
      subject: t.arg.id({ description: SUBJECT }),
      after: t.arg({ type: 'Cursor', description: 'A cursor of this stream, or a streamCursor.' }),
    },
    subscribe: (_root, args, context) => subscribe(context, args),
    resolve: (item) => item,
  }),
);

async function subscribe(context: Context, args: Wanted) {
  requireOperator(context);
  const { minSeverity, types, room, subject, after } = args;
  const { actor, correlationId } = parseInput(texts, args);
  const wantedRoom = room == null ? null : parseRoom(room);
  const about = subject == null ? undefined : parseTypeId(subject);
  const accept = (event: AuditEntry) =>
    isAtLeast(event.severity, minSeverity) &&
    (types?.includes(event.type) ?? true) &&
    (wantedRoom === null || event.room === wantedRoom) &&
    (actor == null || event.actor === actor) &&
    (correlationId == null || event.correlationId === correlationId) &&
    (about === undefined || (event.subjectKind === about?.prefix && event.subjectId === about.uuid));
  const { feed } = context.services.events;
  const stream = await withPosition(context, after, (position) =>
    openAuditStream({ feed, after: position, accept }),
  );
  // One that only asks for a resync says so the same way.
  return stream as AsyncIterableIterator<AuditStreamItem>;
}
