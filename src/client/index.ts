export { type Client, type ClientOptions, createClient } from './client.ts';
export type { ConnectionOptions, TypedDocument } from './connection.ts';
export { ConnectionError, RequestError, type RequestErrorEntry } from './errors.ts';
export type { TaskHandle } from './handle.ts';
export type { Logger } from './logger.ts';
export { type ExistingJob, ProblemError, type ProblemIssue } from './problems.ts';
export { TaskCancelledError, TaskFailedError } from './result.ts';
export * from './types.ts';
export type { WatchOptions, WatchRoomOptions } from './watch.ts';
