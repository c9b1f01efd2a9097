/** Operations that select every field of the contract but those of problems. */
const ERROR = 'error { message code retryable context }';
const JOB = `id fullName room category name description payloadSchema resultSchema
  retryPolicy { maxAttempts backoffSeconds } timeoutSeconds workerCount createdAt`;
const WORKER = `id name capacity lastHeartbeatAt alive jobs { id }`;
const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const TRANSITION = `cursor version from to reason attempt actor ${ERROR} at`;
const TASK = `id job { ${JOB} } room status version payload result ${ERROR} progress progressMessage priority
  attempt failures maxAttempts runAt worker { ${WORKER} } createdBy correlationId entityType entityId labels
  createdAt startedAt finishedAt`;
const EVENT = `__typename ... on TaskSnapshot { cursor task { ${TASK} } }
  ... on TaskTransitioned { cursor task { ${TASK} } transition { ${TRANSITION} } }
  ... on TaskProgressed { cursor task { ${TASK} } percent message at }`;
const SUBMITTED = `__typename ... on SubmitTaskSuccess { task { ${TASK} } duplicate cursor }`;
const CHANGED = `__typename ... on TaskSuccess { task { ${TASK} } }`;
const NODE = `__typename ... on Node { id } ... on Job { ${JOB} } ... on Worker { ${WORKER} }`;

export const VIEWER = '{ viewer { id role rooms } }';
export const ONE_JOB = `query ($fullName: String!) { job(fullName: $fullName) { ${JOB} } }`;
export const JOBS = `query ($room: String!, $category: String) {
  jobs(room: $room, category: $category, first: 5) { edges { cursor node { ${JOB} } } nodes { ${JOB} } ${PAGE} }
}`;
export const ONE_NODE = `query ($id: ID!) { node(id: $id) { ${NODE} } }`;
export const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${NODE} } }`;
export const ONE_TASK = `query ($id: ID!) { task(id: $id) { ${TASK}
  transitions(first: 50) { edges { cursor node { ${TRANSITION} } } nodes { ${TRANSITION} } ${PAGE} }
} }`;
export const TASKS = `query ($room: String, $first: Int) { tasks(room: $room, first: $first) {
  edges { cursor node { ${TASK} } } nodes { ${TASK} } ${PAGE} streamCursor
} }`;

export const REGISTER_WORKER = `mutation ($input: RegisterWorkerInput!) { registerWorker(input: $input) {
  __typename ... on RegisterWorkerSuccess { worker { ${WORKER} } }
} }`;
export const REGISTER_JOB = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) {
  __typename ... on RegisterJobSuccess { job { ${JOB} } created }
} }`;
export const HEARTBEAT = `mutation ($id: ID!) { heartbeat(workerId: $id) {
  __typename ... on HeartbeatSuccess { worker { ${WORKER} } stop }
} }`;
export const DEREGISTER_WORKER = `mutation ($id: ID!) { deregisterWorker(workerId: $id) {
  __typename ... on DeregisterWorkerSuccess { released }
} }`;
export const SUBMIT = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) { ${SUBMITTED} } }`;
export const SUBMIT_MANY = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) {
  __typename ... on SubmitTasksSuccess { results { ${SUBMITTED} } }
} }`;
export const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) {
  __typename ... on ClaimTasksSuccess { tasks { ${TASK} } }
} }`;
export const COMPLETE_MANY = `mutation ($inputs: [CompleteTaskInput!]!) { completeTasks(inputs: $inputs) {
  ${CHANGED}
} }`;
export const START = verb('startTask', 'AttemptInput');
export const REPORT = verb('reportProgress', 'ReportProgressInput');
export const COMPLETE = verb('completeTask', 'CompleteTaskInput');
export const FAIL = verb('failTask', 'FailTaskInput');
export const RELEASE = verb('releaseTask', 'AttemptInput');
export const CANCEL = verb('cancelTask', 'CancelTaskInput');
export const RETRY = verb('retryTask', 'RetryTaskInput');

export const ROOM_EVENTS = `subscription ($room: String!, $after: Cursor) {
  roomEvents(room: $room, after: $after) { ${EVENT} }
}`;
export const TASK_EVENTS = `subscription ($id: ID!) { taskEvents(taskId: $id) { ${EVENT} } }`;
export const WORKER_SIGNALS = `subscription ($id: ID!) { workerSignals(workerId: $id) {
  __typename ... on TasksAvailable { job } ... on StopTask { taskId attempt reason }
} }`;

function verb(name: string, inputType: string): string {
  return `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${CHANGED} } }`;
}
