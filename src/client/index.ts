export { type Client, type ClientOptions, createClient } from './client.ts';
export type { ConnectionOptions, TypedDocument } from './connection/connection.ts';
export type { ConnectionStatus, StatusListener } from './connection/status.ts';
export type { DependedOn, DependsOn, TaskSubmission } from './depends-on.ts';
export { ConnectionError, RequestError, type RequestErrorEntry } from './errors.ts';
export type { TaskHandle, TransactionHandle } from './handle.ts';
export { defineJob, type Job, type JobOptions, type JobSchedule, type JobSubmission } from './job.ts';
export type { Logger } from './logger.ts';
export { type ExistingJob, ProblemError, type ProblemIssue, type ProblemNarrowing } from './problems.ts';
export { TaskCancelledError, TaskFailedError, TaskTimeoutError } from './result.ts';
export { type InputOf, type JsonSchema, jsonSchema, type OutputOf, type StandardSchema } from './schema.ts';
export { type FollowHandlers, follow } from './streams/follow.ts';
export { LiveList } from './streams/live-list.ts';
export type {
  LiveChange,
  LiveListOptions,
  LiveListSnapshot,
  LiveListSource,
  LiveRow,
} from './streams/live-list-types.ts';
export type { SubscribeOptions } from './streams/subscribe.ts';
export { tasksOf } from './streams/task-list.ts';
export type { WatchOptions, WatchRoomOptions } from './streams/watch.ts';
export type { SubmitOptions } from './submit.ts';
export type { OpenTelemetry } from './tracing.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
export * from './types.ts';
