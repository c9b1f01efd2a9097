/**
 * What every refusal means and what to do about it, for people: the pages at /problems, where the `type` of a problem
 * points. One table for the problems that are data, one for the codes of errors.
 */
import type * as problems from './problems.ts';

export interface Explanation {
  /** The HTTP status of it, or that a REST API would give. */
  status: number;
  meaning: string;
  wayOut: string;
}

type ProblemName = Exclude<keyof typeof problems, 'Problem'>;

const PROBLEMS: Record<ProblemName, Explanation> = {
  JobNotFound: {
    status: 404,
    meaning:
      'There is no job of this full name that can be run from the room, or it belongs to another room.',
    wayOut:
      'List the jobs with the query jobs(room:). Write the full name as room:category:name. Start a worker that registers the job.',
  },
  JobInUse: {
    status: 409,
    meaning: 'A job is retired only when no living worker serves it and none of its tasks is unfinished.',
    wayOut:
      'Stop or drain the workers of the job, and let its tasks end or cancel them; then retire it. It also retires by itself when it has been idle for SIGNALBOX_JOB_IDLE_SECONDS.',
  },
  TaskNotFound: {
    status: 404,
    meaning: 'There is no task with this id, or none that you may see.',
    wayOut: 'Check the id, and that your token has the room of the task.',
  },
  WorkerNotFound: {
    status: 404,
    meaning:
      'There is no worker with this id that you may use: it was deregistered, or removed after it had been silent for long, or it belongs to somebody else.',
    wayOut: 'Register it again with registerWorker and go on with the new id.',
  },
  BulkNotFound: {
    status: 404,
    meaning:
      "There is no plan or run over many tasks with this id, it is somebody else's, or the plan was made more than an hour ago.",
    wayOut: 'Make a plan with planBulk and apply it within an hour.',
  },
  ScheduleNotFound: {
    status: 404,
    meaning: 'There is no schedule with this id, or none that you may see.',
    wayOut: 'List the schedules with the query schedules.',
  },
  ApiKeyNotFound: {
    status: 404,
    meaning: 'There is no API key with this id.',
    wayOut: 'List the keys with the query apiKeys.',
  },
  InvalidRoomId: {
    status: 400,
    meaning: 'The text cannot name a room.',
    wayOut:
      'Use 1 to 128 characters without "@", ":", white space and control characters. The only name with an "@" is @global.',
  },
  InvalidCategory: {
    status: 400,
    meaning: 'The category of the job is not on the list of this server.',
    wayOut: 'Use one of those in `allowed`, or add it to SIGNALBOX_CATEGORIES.',
  },
  InvalidInput: {
    status: 400,
    meaning:
      'Something in the input is not valid, or the payload or result is not what the schema of its job wants.',
    wayOut: 'Each entry of `issues` says what is wrong and where. Correct these and send it again.',
  },
  SchemaConflict: {
    status: 409,
    meaning:
      'The job is registered with another schema already, and this one is no change of it that was asked for: by default none is, with schemaChange COMPATIBLE only one that accepts all that the present one accepts.',
    wayOut:
      'The detail says where the schemas differ, `narrowings` where the new one accepts less or cannot be shown to accept as much; titles, descriptions, examples and defaults do not count. Ask for schemaChange COMPATIBLE, make the change smaller, ask for REPLACE to take it over nevertheless, register the new schema under another name, or leave the schemas out (in the SDK: registerSchemas: false) to serve the job as it is.',
  },
  InvalidTransition: {
    status: 409,
    meaning: 'The task cannot go there from where it is, perhaps because somebody else was faster.',
    wayOut: 'Read the task again. `from` is where it is, `allowed` where it can go.',
  },
  StaleAttempt: {
    status: 409,
    meaning:
      'The worker does not hold this attempt (any more): the task was given back, cancelled, retried, or taken from a worker that was silent for too long.',
    wayOut:
      'Stop working on it, and report nothing more about it. It belongs to another worker now, or has ended.',
  },
  StaleVersion: {
    status: 409,
    meaning: 'Somebody else has changed it since you have read it, so that your change could undo theirs.',
    wayOut: 'Read it again, and send your change with the version that it has now.',
  },
  WebhookNotFound: {
    status: 404,
    meaning: 'There is no webhook with this id.',
    wayOut: 'List the webhooks with the query webhooks.',
  },
  ViewNotFound: {
    status: 404,
    meaning:
      'There is no saved view with this id that you may see. It may have been deleted, or is not shared any more.',
    wayOut: 'List the saved views with the query savedViews.',
  },
  DeliveryNotFound: {
    status: 404,
    meaning:
      'There is no delivery of a webhook with this id. It may have been cleaned up, or gone with its webhook.',
    wayOut: 'List the deliveries of a webhook with the query webhookDeliveries.',
  },
  AlreadyRunning: {
    status: 409,
    meaning: 'The operation is running for this room at this moment, on this server or another.',
    wayOut: 'Watch the run with the subscription operationRunEvents, and start it again when it has ended.',
  },
  Forbidden: {
    status: 403,
    meaning: 'You may see it, but not do this.',
    wayOut: 'Use a token whose role and rooms allow it.',
  },
};

const CODES: Record<string, Explanation> = {
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The request has no token, or one that is not valid here or has expired.',
    wayOut:
      'Send Authorization: Bearer …, over WebSocket in the payload of connection_init. Get a new token when it has expired.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'It is not there, or you may not see it: the answer is the same for both.',
    wayOut: 'Check the id or name, and the rooms of your token.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'An argument or a variable has a value that its type does not take.',
    wayOut: 'The message names it. The schema describes what each type takes.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The request is not one of GraphQL over HTTP.',
    wayOut: 'Send POST with Content-Type: application/json and a body like {"query": "…", "variables": {…}}.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    meaning: 'The document is no GraphQL.',
    wayOut: 'The message names the place where the text stops being valid.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    meaning: 'The document asks for what the schema does not have, or in another way than it allows.',
    wayOut:
      'Compare it with the schema of this server; an explorer or a code generator does so as you write.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    meaning: 'The document has several operations, or none of the name that was asked for.',
    wayOut: 'Send operationName with the name of one of them.',
  },
  QUERY_TOO_COMPLEX: {
    status: 400,
    meaning:
      'The operation is deeper, longer or more expensive than this server allows. Nothing of it was run.',
    wayOut:
      'The message names the limit. Ask for smaller pages and fewer fields, in several operations, with values as variables.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'This address does not take requests of this method.',
    wayOut: 'Read it by GET.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The body of the request has more bytes than are allowed.',
    wayOut: 'Send large values elsewhere and their address here; send long lists in parts.',
  },
  TOO_MANY_OPERATIONS: {
    status: 429,
    meaning: 'The socket has as many operations under way as it takes.',
    wayOut: 'Wait until some have ended, watch a room instead of single tasks, or open another socket.',
  },
  FORBIDDEN_ORIGIN: {
    status: 403,
    meaning: 'A web page of another origin has sent this request, and the server does not allow that origin.',
    wayOut: 'Name the origin in SIGNALBOX_CORS_ORIGINS, as https://app.example.com.',
  },
  DOCUMENT_NOT_TRUSTED: {
    status: 400,
    meaning: 'The server takes only operations that it was given at its start, and this is none of them.',
    wayOut:
      'Add the operation to a manifest that SIGNALBOX_TRUSTED_DOCUMENTS names, or send its documentId or text as it stands there.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'You have used all points of your tier for now, or have failed to sign in too often.',
    wayOut:
      'Wait for as long as Retry-After says, or ask for a tier that allows more. Each item of a list counts, so watch tasks by subscriptions, which count once, instead of asking again and again.',
  },
  OVERLOADED: {
    status: 503,
    meaning:
      'More work waits for the database than it can do in time: no connection became free, or the database gave up in favour of others. What you sent was not done.',
    wayOut:
      'Try again after `retryAfterSeconds`, with growing pauses. Whoever runs the server should look at SIGNALBOX_DATABASE_CONNECTIONS.',
  },
  UNAVAILABLE: {
    status: 503,
    meaning: 'Tokens cannot be checked at the moment: the published keys or the database cannot be reached.',
    wayOut: 'Try again. Whoever runs the server should look at SIGNALBOX_JWKS_URL and at the database.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    meaning:
      'The database cannot work at the moment. `reason` says why: AWAY (it cannot be reached, or the connection was lost), READ_ONLY (it takes no changes, as after a failover) or FULL (its disk is full). `mayBeDone` says whether what you sent may have been done all the same: only where a connection was lost before the answer came.',
    wayOut:
      'Try again after `retryAfterSeconds`; an idempotencyKey makes that safe for submissions, and the attempt number for reports.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'Something went wrong on the side of the server. Its log has the cause under the request id.',
    wayOut: 'Quote the request id to whoever runs the server.',
  },
};

/** Every explanation by the last segment of its address: /problems/job-not-found. */
export const EXPLANATIONS: ReadonlyMap<string, Explanation & { title: string; code: string }> = new Map(
  [
    ...Object.entries(PROBLEMS).map(([name, it]) => [name.replace(/(?<!^)([A-Z])/g, '_$1'), it] as const),
    ...Object.entries(CODES),
  ].map(([words, explanation]) => {
    const code = words.toUpperCase();
    const text = code.replaceAll('_', ' ').toLowerCase().replace('graphql', 'GraphQL');
    const title = (text.charAt(0).toUpperCase() + text.slice(1)).replace(/^Api\b/, 'API');
    return [code.replaceAll('_', '-').toLowerCase(), { ...explanation, title, code }];
  }),
);
