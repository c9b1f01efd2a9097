export { ConnectionError, RequestError } from '../errors.ts';
export type { Logger } from '../logger.ts';
export { ProblemError } from '../problems.ts';
export type { OpenTelemetry } from '../tracing.ts';
export type { NewAsset } from './assets.ts';
export { type HandledTask, type HandlerContext, type JobDefinition, PartialResult, partial } from './job.ts';
export { TaskError } from './task-error.ts';
export { createWorker, type Worker, type WorkerOptions } from './worker.ts';
