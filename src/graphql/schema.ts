/** Loads every part of the schema, and builds it. */
import './scalars.ts';
import './problems.ts';
import './viewer/query.ts';
import './server/query.ts';
import './room/queries.ts';
import './view/mutations.ts';
import './suggest/query.ts';
import './job/queries.ts';
import './task/queries.ts';
import './task/counts.ts';
import './task/transition.ts';
import './task/abilities.ts';
import './task/blocked.ts';
import './task/estimate.ts';
import './job/register.ts';
import './job/mutations.ts';
import './job/lists.ts';
import './job/check-payload.ts';
import './job/pauses.ts';
import './job/fairness.ts';
import './job/limits.ts';
import './worker/mutations.ts';
import './worker/queries.ts';
import './worker/tasks.ts';
import './task/submit.ts';
import './task/resubmit.ts';
import './task/token.ts';
import './task/claim.ts';
import './task/worker-mutations.ts';
import './task/caller-mutations.ts';
import './task/discard.ts';
import './task/update.ts';
import './asset/attach.ts';
import './task/dead-letters.ts';
import './bulk/mutations.ts';
import './bulk/events.ts';
import './task/events.ts';
import './task/dependencies.ts';
import './task/graph.ts';
import './worker/signals.ts';
import './worker/events.ts';
import './schedule/queries.ts';
import './schedule/mutations.ts';
import './schedule/preview.ts';
import './schedule/events.ts';
import './job/events.ts';

import './operation/queries.ts';
import './operation/run.ts';
import './operation/events.ts';
import './event/queries.ts';
import './event/stream.ts';
import './webhook/queries.ts';
import './webhook/mutations.ts';
import './webhook/events.ts';

import './statistics/query.ts';
import './statistics/jobs.ts';
import './statistics/error-groups.ts';
import './statistics/events.ts';
import './api-key/queries.ts';
import './api-key/create.ts';
import './api-key/revoke.ts';
import { defaultFieldResolver, type GraphQLInterfaceType } from 'graphql';
import { toTypeId } from '../domain/typeid.ts';
import { builder, prefixOf } from './builder.ts';
import { type Context, forgetReads } from './context.ts';
import { describe } from './descriptions.ts';

export const schema = builder.toSchema({ sortSchema: false });
describe(schema);

for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (root, args, context: Context, info) => {
    forgetReads(context);
    return resolve(root, args, context, info);
  };
}

// The relay plugin's own resolver is asynchronous: a promise for each object of a list.
const node = schema.getType('Node') as GraphQLInterfaceType;
for (const type of schema.getImplementations(node).objects) {
  const prefix = prefixOf(type.name);
  Object.assign(type.getFields()['id'] ?? {}, { resolve: ({ id }: { id: string }) => toTypeId(prefix, id) });
}
