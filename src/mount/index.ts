/** `signalbox-server`: the server within an application of one's own. */
export type { Client } from '../client/client.ts';
export { ConnectionError, RequestError } from '../client/errors.ts';
export { defineJob } from '../client/job.ts';
export { ProblemError } from '../client/problems.ts';
export { TaskCancelledError, TaskFailedError, TaskTimeoutError } from '../client/result.ts';
export { partial } from '../client/worker/job.ts';
export { TaskError } from '../client/worker/task-error.ts';
export type { Worker } from '../client/worker/worker.ts';
export { ConfigError } from '../config.ts';
export type { Handler, UpgradingServer } from './http-server.ts';
export type { Identity } from './identity.ts';
export {
  defineOwnOperation as defineOperation,
  type OwnOperation,
  type OwnOperationContext,
} from './operations.ts';
export type { DatabaseOption, NamedSettings } from './settings.ts';
export { createSignalbox, type Signalbox, type SignalboxOptions } from './signalbox.ts';
