/** events: the audit log, by filter. */
import { z } from 'zod';
import { AUDIT_SEVERITIES } from '../../domain/audit.ts';
import { encodeCursor } from '../../domain/position.ts';
import { parseTypeId } from '../../domain/typeid.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { parseInput, parseRoom, text } from '../input.ts';
import { requireOperator } from '../operator.ts';
import { pageComplexity, resolveKeyset } from '../paging.ts';
import { EventSeverityEnum, EventTypeEnum, EventTypeNode } from './type.ts';

export const ACTOR = 'Only what this identity has brought about; "@system" is the server itself.';
export const SUBJECT = 'Only what is about the task, job, worker, run … of this id.';

const EventFilterInput = builder.inputType('EventFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    types: t.field({ type: [EventTypeEnum] }),
    minSeverity: t.field({ type: EventSeverityEnum }),
    room: t.string(),
    correlationId: t.string(),
    actor: t.string({ description: ACTOR }),
    subject: t.id({ description: SUBJECT }),
    from: t.field({ type: 'DateTime', description: 'Only events at or after this time.' }),
    until: t.field({ type: 'DateTime', description: 'Only events before this time.' }),
  }),
});

const EventEdge = builder.edgeObject({ type: EventTypeNode, name: 'EventEdge' });

const EventConnection = builder.connectionObject(
  {
    type: EventTypeNode,
    name: 'EventConnection',
    fields: (t) => ({
      streamCursor: t.field({
        type: 'Cursor',
        description:
          'Pass it as `after` to eventStream: no event between this read and that stream is missed.',
        resolve: (parent) => (parent as unknown as { streamCursor: string }).streamCursor,
      }),
    }),
  },
  EventEdge,
);

builder.queryField('events', (t) =>
  t.connection(
    {
      type: EventTypeNode,
      description: 'The audit log, newest first. For an ADMIN.',
      args: { filter: t.arg({ type: EventFilterInput }) },
      complexity: pageComplexity,
      resolve: async (_root, { filter, ...page }, context) => {
        requireOperator(context);
        const where = conditionOf(filter);
        return listEvents(context, page, where);
      },
    },
    EventConnection,
    EventEdge,
  ),
);

async function listEvents(
  { services: { log, prisma } }: Context,
  page: Parameters<typeof resolveKeyset>[2],
  where: Prisma.EventWhereInput,
) {
  // Read before the list: whatever the list does not show yet comes after this position.
  const position = await log.horizon();
  const connection = await resolveKeyset('event', 'desc', page, (keyset) =>
    prisma.event.findMany({ ...keyset, where: { AND: [keyset.where, where] } }),
  );
  return { ...connection, streamCursor: encodeCursor(log.epoch, position) };
}

const texts = z.object({ correlationId: text(0, 256).nullish(), actor: text(0, 256).nullish() });

function conditionOf(filter: typeof EventFilterInput.$inferInput | null | undefined): Prisma.EventWhereInput {
  if (!filter) return {};
  const { correlationId, actor } = parseInput(texts, filter, ['filter']);
  const { types, minSeverity, room, subject, from, until } = filter;
  return {
    ...(types && { type: { in: [...types] } }),
    // The least severe excludes nothing; as a condition it would only hide that from the planner.
    ...(minSeverity &&
      minSeverity !== AUDIT_SEVERITIES[0] && {
        severity: { in: AUDIT_SEVERITIES.slice(AUDIT_SEVERITIES.indexOf(minSeverity)) },
      }),
    ...(room != null && { room: parseRoom(room) }),
    ...(correlationId != null && { correlationId }),
    ...(actor != null && { actor }),
    ...(subject != null && aboutOf(subject)),
    ...((from || until) && { at: { ...(from && { gte: from }), ...(until && { lt: until }) } }),
  };
}

/** What is no id of ours is the subject of nothing. */
function aboutOf(subject: string): Prisma.EventWhereInput {
  const id = parseTypeId(subject);
  return id ? { subjectKind: id.prefix, subjectId: id.uuid } : { id: { in: [] } };
}
