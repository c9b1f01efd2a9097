/**
 * Descriptions of what means the same wherever it stands: fields, arguments and values by their name, or by their type and
 * name where the name alone does not say enough. A description beside the field wins. The lint of the schema refuses what
 * has neither.
 */
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';

const BY_NAME: Record<string, string> = {
  id: 'TypeID, such as task_01m8…: the prefix says what it is.',
  input: 'Input of the mutation.',
  inputs: 'One input an item; at most as many as the mutation says.',
  filter: 'Conditions that all hold; left out: none.',
  node: 'The item itself.',
  nodes: 'The items of the page, without their edges.',
  edges: 'The items of the page, each with its cursor.',
  pageInfo: 'Where the page lies in the list.',
  after: 'Cursor to go on from; left out: the beginning of what there is now.',
  cursor: 'Position of the item in its list, for `after` and `before`.',
  room: 'Name of the room, 1 to 128 characters.',
  taskId: 'ID of the task.',
  workerId: 'ID of the worker.',
  scheduleId: 'ID of the schedule.',
  webhookId: 'ID of the webhook.',
  deletedId: 'ID of what was deleted.',
  attempt: 'Number of the attempt, from 1; the fencing token of the worker that holds it.',
  createdAt: 'When it was created.',
  updatedAt: 'When it was last changed.',
  startedAt: 'When it started; null until then.',
  finishedAt: 'When it ended; null until then.',
  revokedAt: 'When it was revoked; null while it was not.',
  lastAttemptAt: 'When the last attempt was made; null before the first.',
  lastHeartbeatAt: 'When the worker last sent a heartbeat, by the clock of the database.',
  at: 'When it happened, by the clock of the database.',
  createdBy: 'Identity of the caller that created it.',
  actor: 'Identity of the caller that caused it, or `system`.',
  correlationId: "The caller's own id of what belongs together, 1 to 256 characters.",
  entityType: "Kind of the caller's object that the task is about, such as `picture`.",
  entityId: "ID of the caller's object that the task is about.",
  description: 'Text for people.',
  name: 'Name for people and tools.',
  message: 'A sentence for people.',
  code: 'A word for programs, such as NOT_FOUND.',
  context: 'Further facts, as a JSON object.',
  payload: 'The input of the task, as JSON that fits the payload schema of its job.',
  result: 'The output of the task, as JSON; null until it has ended well.',
  parameters: 'Parameters, as a JSON object that fits the schema of the operation.',
  reason: 'Why it happened.',
  url: 'Address, http or https.',
  types: 'Types of events; empty means every type.',
  minSeverity: 'Least severe events that count.',
  status: 'Its status.',
  statuses: 'Statuses that match; left out: all.',
  task: 'The task as it is now.',
  tasks: 'The tasks, in the order of the answer.',
  worker: 'The worker as it is now.',
  job: 'The job as it is now.',
  run: 'The run with its progress so far.',
  runs: 'Runs, with their progress so far.',
  schedule: 'The schedule as it is now.',
  webhook: 'The webhook without its secret.',
  apiKey: 'The API key without its secret.',
  asset: 'The asset, as it is stored.',
  event: 'The entry of the audit log.',
  transition: 'The entry of the log: from which status to which, why, when and by whom.',
  category: 'Category of the job, a word of the allow-list of the server.',
  fullName: 'Full name of the job: `room:category:name`.',
  version: 'Number that grows by one with every change.',
  error: 'What went wrong; null when nothing did.',
  follow: 'Whether the stream goes on after the end of the task, for a retry by a person.',
  role: 'Role that decides, with the rooms, what may be done.',
  severity: 'How severe it is.',
  type: 'What kind it is.',
  counts: 'How many tasks there are in each status.',
  overlap: 'What happens to a tick while an earlier run has not finished.',
  paused: 'Whether its ticks are left out.',
  retryPolicy: 'How often and when a failed attempt is repeated.',
  p50: 'Median, in seconds.',
  p95: '95th percentile, in seconds.',
  p99: '99th percentile, in seconds.',
  hasNextPage: 'Whether there is more after this page.',
  hasPreviousPage: 'Whether there is more before this page.',
  startCursor: 'Cursor of the first item; null on an empty page.',
  endCursor: 'Cursor of the last item; null on an empty page.',
};

const BY_TYPE_AND_NAME: Record<string, string> = {
  'TransitionReason.SUBMITTED': 'The task was submitted.',
  'TransitionReason.UNBLOCKED': 'All tasks that it waited for have ended.',
  'TransitionReason.CLAIMED': 'A worker claimed it.',
  'TransitionReason.STARTED': 'The worker started the attempt.',
  'TransitionReason.COMPLETED': 'The worker reported a result.',
  'TransitionReason.FAILED': 'The attempt failed, and no further one follows.',
  'TransitionReason.RETRY_SCHEDULED': 'The attempt failed, and the policy grants another after the back-off.',
  'TransitionReason.RETRY_REQUESTED': 'A person retried the dead letter.',
  'TransitionReason.RELEASED': 'The worker gave it back; the attempt does not count as a failure.',
  'TransitionReason.WORKER_LOST': 'Its worker sent no heartbeat for too long.',
  'TransitionReason.TIMED_OUT': 'The attempt ran longer than its job allows.',
  'TransitionReason.CANCELLED': 'Somebody cancelled it.',
  'TransitionReason.DEPENDENCY_FAILED': 'A task that it waited for did not end well.',
  'TransitionReason.UPDATED': 'Somebody changed its time, priority or labels.',
  'TransitionReason.DISCARDED': 'Somebody discarded the dead letter.',
  'TransitionReason.RESTORED': 'Somebody brought the discarded dead letter back.',
  'OperationRunStatus.RUNNING': 'It is under way.',
  'OperationRunStatus.COMPLETED': 'It ended well.',
  'OperationRunStatus.FAILED': 'It ended with an error.',
  'OperationRunStatus.SKIPPED': 'It found a reason not to run, which `error` names.',
  'EventSeverity.INFO': 'Something was done.',
  'EventSeverity.WARNING': 'Something needs a look.',
  'EventSeverity.ERROR': 'Something failed.',
  'OperationRun.startedAt': 'When it started.',
  'BulkRun.startedAt': 'When it started.',
  'WebhookDeliveryStatus.PENDING': 'To be sent, for the first time or again.',
  'WebhookDeliveryStatus.DELIVERED': 'The receiver accepted it.',
  'WebhookDeliveryStatus.FAILED': 'The last attempt failed, and no further one is made.',
  'TaskFilter.createdBy': 'Identity of the caller that submitted them.',
  'TaskFilter.correlationId': 'Correlation id that they have.',
  'TaskFilter.createdAfter': 'Submitted at this time or later.',
  'TaskFilter.createdBefore': 'Submitted before this time.',
  'TaskFilter.idempotencyKey': 'Idempotency key that they have.',
  'TaskFilter.entityType': 'Kind of the object that they are about.',
  'TaskFilter.entityId': 'ID of the object that they are about.',
  'CompleteTaskInput.outcome': 'COMPLETED, or PARTIAL when only some of the work was done.',
  'FailTaskInput.error': 'What went wrong; it decides whether the attempt is repeated.',
  'UpdateWebhookInput.enabled': 'Whether events are queued and sent.',
  'StatisticsWindow.interval': 'Length of one point.',
  'InvalidCategory.allowed': 'The categories that this server takes.',
  'InvalidInput.issues': 'Every violation, with its path.',
  'SchemaConflict.existing': 'The job as it is registered.',
  'InvalidTransition.from': 'Status of the task now.',
  'InvalidTransition.allowed': 'Statuses that it can change to.',
  'StaleAttempt.currentAttempt': 'Number of the present attempt.',
  'StaleVersion.currentVersion': 'Version of the object now.',
  'Task.maxAttempts': 'Attempts that may fail before the task is a dead letter.',
  'Task.progressMessage': 'The last progress message of the worker; null without one.',
  'Task.status': 'Status of the task in the state machine.',
  'TaskTransition.from': 'Status before; null for the submission.',
  'TaskTransition.to': 'Status afterwards.',
  'TaskTransition.version': 'Version of the task that the transition made.',
  'TaskTransitionEdge.cursor': 'Position in the history, for `after`, and to resume a stream from.',
  'StopTask.attempt': 'Number of the attempt to stop.',
  'StatusCount.status': 'The status that is counted.',
  'TaskActivity.submitted': 'Tasks that were submitted.',
  'TaskActivity.completed': 'Tasks that ended as COMPLETED.',
  'TaskActivity.partial': 'Tasks that ended as PARTIAL.',
  'TaskActivity.cancelled': 'Tasks that were cancelled.',
  'UpdateWebhookInput.id': 'ID of the webhook.',
  'Query.node(id)': 'TypeID of the object.',
  'Query.nodes(ids)': 'TypeIDs of the objects.',
  'Query.statistics(window)': 'Time that the figures are of; the last hour by default.',
};

/** Gives a description to every field, argument and value that has none of its own and whose name is listed here. */
export function describe(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isEnumType(type)) describeValues(type);
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) describeFields(type);
  }
}

function describeValues(type: GraphQLEnumType): void {
  for (const value of type.getValues()) {
    value.description ??= BY_TYPE_AND_NAME[`${type.name}.${value.name}`];
  }
}

function describeFields(type: GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const path = `${type.name}.${field.name}`;
    field.description ??= BY_TYPE_AND_NAME[path] ?? BY_NAME[field.name];
    for (const argument of 'args' in field ? field.args : []) {
      argument.description ??= BY_TYPE_AND_NAME[`${path}(${argument.name})`] ?? BY_NAME[argument.name];
    }
  }
}
