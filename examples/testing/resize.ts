/** What is tested: a job and its handler. In a project of its own the imports are from `signalbox/client` and `signalbox/worker`. */
import { z } from 'zod';
import { defineJob } from '../../src/client/index.ts';
import { type JobHandler, TaskError } from '../../src/client/worker/index.ts';

export const payload = z.strictObject({ picture: z.string(), width: z.int().default(100) });
export const result = z.object({ width: z.int() });

export const resize = defineJob({ room: 'gallery', name: 'resize', payload, result });

export const resizeHandler: JobHandler<typeof payload, typeof result> = ({ payload, attempt, progress }) => {
  if (payload.picture === 'busy' && attempt === 1) {
    throw new TaskError('The storage is busy', { retryAfterSeconds: 3_600 });
  }
  progress(50, 'shrinking');
  return { width: payload.width };
};
