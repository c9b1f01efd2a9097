/** The enums of the contract, from the lists that the domain has. */
import { ROLES } from '../domain/access.ts';
import { TASK_STATUSES, TRANSITION_REASONS } from '../domain/task.ts';
import { TRANSITIONS } from '../domain/transitions.ts';
import { builder } from './builder.ts';

export const TaskStatusEnum = builder.enumType('TaskStatus', {
  description: 'Status of a task. COMPLETED, PARTIAL, FAILED and CANCELLED are terminal.',
  values: describeValues(TASK_STATUSES, {
    WAITING: 'Waits for the tasks that it depends on.',
    PENDING: 'May be claimed once runAt has passed.',
    CLAIMED: 'A worker has claimed it and has not started it.',
    RUNNING: 'A worker works on it.',
    COMPLETED: 'Terminal: all of the work was done.',
    PARTIAL: 'Terminal: some of the work was done.',
    FAILED: 'Terminal: a dead letter until it is retried.',
    CANCELLED: 'Terminal: it was cancelled, or a task that it depended on failed or was cancelled.',
  }),
});

export const TransitionReasonEnum = builder.enumType('TransitionReason', {
  description: 'Why a transition happened: two transitions to one status can have different reasons.',
  values: TRANSITION_REASONS,
});

export const RoleEnum = builder.enumType('Role', {
  description: 'What a caller may do; see also its rooms.',
  values: describeValues(ROLES, {
    ADMIN: 'May do and see everything, in every room.',
    WORKER: 'Registers jobs and works their tasks in its rooms; sees what a member sees.',
    MEMBER: 'Submits to its rooms and sees all their tasks.',
    USER: 'Submits to its rooms and sees only the tasks that it created.',
  }),
});

export const TaskOutcomeEnum = builder.enumType('TaskOutcome', {
  description: 'How a task came to a good end.',
  values: describeValues([TRANSITIONS.complete.to, TRANSITIONS.completePartly.to] as const, {
    COMPLETED: 'All of the work was done.',
    PARTIAL: 'Some of the work was done.',
  }),
});

/** The values of an enum with what each means. */
export function describeValues<const Value extends string>(
  values: readonly Value[],
  descriptions: Record<Value, string>,
) {
  return Object.fromEntries(
    values.map((value) => [value, { value, description: descriptions[value] }]),
  ) as Record<Value, { value: Value; description: string }>;
}
