/** What the caller can do with a task as it is now, asked instead of guessed. */
import {
  canCancel,
  canRetry,
  canSubmitTo,
  canUpdate,
  type TaskAccess,
  type Viewer,
} from '../../domain/access.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { allowedFrom, isAllowedIn, type TaskAction } from '../../domain/transitions.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { TaskStatusEnum } from '../enums.ts';
import { TaskType, taskOf } from './type.ts';

interface Actionable extends TaskAccess {
  status: TaskStatus;
  discardedAt: Date | null;
}

interface Ability {
  description: string;
  may: (viewer: Viewer, task: Actionable) => boolean;
  /** Whether two callers who see the same stream can get different answers. */
  differs?: boolean;
}

/** The rights, and a status in which the action is one. */
const when =
  (action: TaskAction, rights: (viewer: Viewer, task: TaskAccess) => boolean) =>
  (viewer: Viewer, task: Actionable): boolean =>
    isAllowedIn(action, task.status) && rights(viewer, task);

const ABILITIES: Record<string, Ability> = {
  viewerCanCancel: { description: 'cancel it now', may: when('cancel', canCancel) },
  viewerCanReschedule: {
    description: 'change when and how urgently it runs, by updateTask, now',
    may: when('reschedule', canUpdate),
  },
  viewerCanRelabel: { description: 'change its labels, by updateTask', may: when('relabel', canUpdate) },
  viewerCanRetry: { description: 'retry it now', may: when('retry', canRetry), differs: true },
  viewerCanResubmit: {
    description: 'submit the same again, by resubmitTask',
    may: (viewer, task) => canSubmitTo(viewer, task.room),
  },
  viewerCanDiscard: {
    description: 'discard it now',
    may: (viewer, task) => task.discardedAt === null && when('discard', canRetry)(viewer, task),
    differs: true,
  },
  viewerCanRestore: {
    description: 'take its discard back now',
    may: (viewer, task) => task.discardedAt !== null && when('restore', canRetry)(viewer, task),
    differs: true,
  },
};

for (const [name, { description, may, differs = false }] of Object.entries(ABILITIES)) {
  builder.objectField(TaskType, name, (t) =>
    t.boolean({
      description: `Whether the caller can ${description}.`,
      extensions: { differsByCaller: differs },
      resolve: (task, _args, context) => may(viewerOf(context), taskOf(task)),
    }),
  );
}

builder.objectField(TaskType, 'nextStatuses', (t) =>
  t.field({
    type: [TaskStatusEnum],
    complexity: { field: 1, multiplier: 1 },
    description: 'The statuses that it can change to, whoever may cause that.',
    resolve: (task) => allowedFrom(taskOf(task).status),
  }),
);
