/**
 * Who shares an execution: subscribers to the same, with the same document and variables, by the same rights.
 *
 * Rights count by what they give, not by whose they are. Whatever a group executes, it executes as a viewer that holds
 * these rights and no others, so nothing that a member is sent can exceed them: not on the event, and not on any object
 * that is reached from it.
 */
import type { ExecutionArgs } from 'graphql';
import type { Viewer } from '../../domain/access.ts';
import { withoutCredential } from '../../domain/narrow-viewer.ts';
import type { Payload, Watch } from '../../events/hub/subscriber-queue.ts';
import {
  type Context,
  createContext,
  loadersOfTurn,
  type Services,
  type StreamScope,
  viewerOf,
} from '../../graphql/context.ts';
import { differsByCaller, operationKey } from './operation-key.ts';
import { type ExecuteChange, Group } from './shared-execution.ts';
import type { StreamCounts } from './stats.ts';

export type ExecuteEvent = (
  args: ExecutionArgs,
  event: unknown,
  context: Context,
) => Payload | Promise<Payload>;

export interface Groups {
  /** A place in the group of those who are shown the same; the first one founds it. */
  join(args: ExecutionArgs, scope: StreamScope): Promise<Watch>;
}

export function createGroups(execute: ExecuteEvent, counts: StreamCounts): Groups {
  const groups = new Map<string, Group>();

  /**
   * What was granted for an event is not for the next; what was read is shared within a turn. Nothing was read where the result
   * is there at once: then its context serves the next one, too, which saves half of the execution.
   */
  function executorOf(args: ExecutionArgs, services: Services, viewer: Viewer): ExecuteChange {
    let unused: Context | undefined;
    return (change) => {
      const context = unused ?? { ...createContext(services, viewer), loaders: loadersOfTurn(services) };
      context.granted.clear();
      const payload = execute(args, change, context);
      unused = payload instanceof Promise ? undefined : context;
      return payload;
    };
  }

  function found(key: string, args: ExecutionArgs, scope: StreamScope, viewer: Viewer): Group {
    const { services } = args.contextValue as Context;
    const { rooms, taskId, judge } = scope;
    const group: Group = new Group({
      watch: () => services.hub.watch({ rooms, taskId }),
      readVersions: services.hub.readVersions,
      judge,
      executor: () => executorOf(args, services, viewer),
      counts,
      onEnd: () => groups.delete(key),
    });
    groups.set(key, group);
    return group;
  }

  return {
    async join(args, scope) {
      const viewer = differsByCaller(args)
        ? withoutCredential(viewerOf(args.contextValue as Context))
        : scope.viewer;
      const { id, role, rooms, only } = viewer;
      const key = JSON.stringify([operationKey(args), scope.rooms, scope.taskId, id, role, rooms, only]);
      return (groups.get(key) ?? found(key, args, scope, viewer)).join();
    },
  };
}
