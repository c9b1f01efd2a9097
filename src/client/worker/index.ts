export { ConnectionError, RequestError } from '../errors.ts';
export { defineJob, type Job, type JobOptions } from '../job.ts';
export type { Logger } from '../logger.ts';
export { ProblemError } from '../problems.ts';
export { type JsonSchema, jsonSchema, type StandardSchema } from '../schema.ts';
export type { OpenTelemetry } from '../tracing.ts';
export type { NewAsset } from './assets.ts';
export type { EndedDependency } from './dependencies.ts';
export {
  type HandledTask,
  type HandlerContext,
  type JobDefinition,
  type JobHandler,
  type Middleware,
  PartialResult,
  partial,
} from './job.ts';
export type { PulledTask } from './pull.ts';
export { TaskError } from './task-error.ts';
export { createWorker, type Worker, type WorkerOptions } from './worker.ts';
