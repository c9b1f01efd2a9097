/** viewer: who the caller is, as the server sees it. */
import {
  canManageKeys,
  canOperate,
  canRegisterWorkers,
  EVERY_ROOM,
  type Viewer,
} from '../../domain/access.ts';
import { tierOf } from '../../domain/tiers.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { RoleEnum } from '../enums.ts';
import type { RateLimitState } from './rate-limit-states.ts';

const RateLimitStateType = builder.objectRef<RateLimitState>('RateLimitState').implement({
  description: 'The rate limit of a caller, in points.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Points an hour.' }),
    remaining: t.exposeInt('remaining', {
      description: 'Points that are left, after those of this operation.',
    }),
    resetAt: t.expose('resetAt', { type: 'DateTime', description: 'When all points are available again.' }),
  }),
});

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The authenticated caller.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The subject of its token; what createdBy and actor say.' }),
    role: t.expose('role', { type: RoleEnum }),
    rooms: t.stringList({
      description: '"*" for all.',
      resolve: ({ role, rooms }) => (role === 'ADMIN' ? [EVERY_ROOM] : [...rooms]),
    }),
    tier: t.string({
      nullable: true,
      description: 'The name of its rate limit; null without a limit.',
      resolve: (viewer, _args, { services }) =>
        tierOf(viewer, services.tiers, services.defaultTier)?.name ?? null,
    }),
    rateLimit: t.field({
      type: RateLimitStateType,
      nullable: true,
      description: 'State of its rate limit; null without a limit.',
      resolve: (viewer, _args, { services }) => services.rateLimitStates.of(viewer),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its credential ends; null for one that does not.',
    }),
    canOperate: t.boolean({
      description: 'Whether it may run operations, manage webhooks, and read the audit log.',
      resolve: canOperate,
    }),
    canManageKeys: t.boolean({
      description: 'Whether it may list, create and revoke API keys.',
      resolve: canManageKeys,
    }),
    canRegisterWorkers: t.boolean({
      description: 'Whether it may register workers, and jobs in its rooms.',
      resolve: canRegisterWorkers,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    description: 'Who the caller is.',
    resolve: (_root, _args, context) => viewerOf(context),
  }),
);
