/** The jobs of the sample: three rooms with work as applications have it, some of which goes wrong. */
import { z } from 'zod';
import { partial } from '../../src/client/worker/job.ts';
import type { Worker } from '../../src/client/worker/worker.ts';

interface SampleJob {
  room: string;
  category: string;
  name: string;
  description: string;
  payload: z.ZodType;
  /** Milliseconds that an attempt takes, about. */
  takes: number;
  /** What goes wrong, and how often: 0 to 1. */
  errors?: { share: number; code: string; message(): string }[];
  /** Share of good ends that are only partial. */
  partly?: number;
  timeoutSeconds?: number;
}

export const JOBS: readonly SampleJob[] = [
  {
    room: 'gallery',
    category: 'modifiers',
    name: 'thumbnail',
    description: 'Scales a picture down and keeps its aspect ratio.',
    payload: z.object({
      picture: z.url().describe('Where the picture is.'),
      width: z.int().min(16).max(4096).default(320).describe('Pixels.'),
      format: z.enum(['jpeg', 'webp', 'avif']).default('webp'),
      sharpen: z.boolean().optional(),
    }),
    takes: 900,
    errors: [
      { share: 0.08, code: 'GONE', message: () => 'The picture is gone: 404 from the storage' },
      { share: 0.08, code: 'ECONNREFUSED', message: () => `connect ECONNREFUSED 10.0.4.${digit()}:9000` },
    ],
  },
  {
    room: 'gallery',
    category: 'modifiers',
    name: 'import',
    description: 'Imports an album from a shared folder.',
    payload: z.object({
      folder: z.string(),
      albums: z.array(z.object({ name: z.string(), pictures: z.int() })),
    }),
    takes: 6_000,
    partly: 0.3,
    errors: [{ share: 0.1, code: 'ETIMEDOUT', message: () => 'The share did not answer within 30 s' }],
  },
  {
    room: 'gallery',
    category: 'analysis',
    name: 'recognise-faces',
    description: 'Finds faces and groups them by person.',
    payload: z.object({ picture: z.string(), model: z.string().default('v4') }),
    takes: 2_500,
    errors: [
      { share: 0.06, code: 'OUT_OF_MEMORY', message: () => 'CUDA out of memory: tried to allocate 2.4 GB' },
    ],
  },
  {
    room: 'billing',
    category: 'general',
    name: 'invoice',
    description: 'Renders an invoice as PDF and sends it.',
    payload: z.object({
      invoice: z.string(),
      customer: z.object({ id: z.int(), language: z.enum(['de', 'en', 'fr']) }),
    }),
    takes: 1_200,
    errors: [
      { share: 0.12, code: 'invalid_address', message: () => 'The postal address is invalid: no country' },
      { share: 0.04, code: 'SMTP_421', message: () => 'Service not available, closing transmission channel' },
    ],
  },
  {
    room: 'billing',
    category: 'general',
    name: 'reconcile-payments',
    description: 'Compares bank statements with open invoices.',
    payload: z.object({ day: z.string() }),
    takes: 4_000,
    timeoutSeconds: 60,
  },
  {
    room: 'search',
    category: 'selections',
    name: 'reindex',
    description: 'Rebuilds the index of one collection.',
    payload: z.object({ collection: z.string(), shards: z.int().default(4) }),
    takes: 9_000,
    partly: 0.1,
  },
];

function digit(): number {
  return Math.floor(Math.random() * 250);
}

/** Lets a worker serve what `served` names, with all that goes wrong in it. */
export function serve(worker: Worker, served: (job: SampleJob) => boolean): void {
  for (const { takes, errors = [], partly = 0, ...job } of JOBS.filter(served)) {
    worker.job({
      ...job,
      retryPolicy: { maxAttempts: 3, backoffSeconds: [5, 120] },
      async handler({ progress, signal, task, asset }) {
        const steps = 5;
        for (let step = 1; step <= steps; step++) {
          await delay((takes / steps) * (0.5 + Math.random()), signal);
          progress((step / steps) * 100, PHASES[step - 1]);
          const error = step === 3 ? errors.find(({ share }) => Math.random() < share) : undefined;
          if (error) throw Object.assign(new Error(error.message()), { code: error.code });
        }
        if (job.name === 'invoice')
          await asset({ type: 'application/pdf', storagePath: `invoices/${task.id}.pdf`, size: 48_213 });
        const result = { made: 1 + Math.floor(Math.random() * 5), took: `${takes} ms` };
        return Math.random() < partly ? partial(result) : result;
      },
    });
  }
}

const PHASES = ['reading', 'decoding', 'working', 'writing', 'checking'];

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** A payload that the job takes. */
export function payloadOf(name: string): unknown {
  const some = Math.floor(Math.random() * 900) + 100;
  switch (name) {
    case 'thumbnail':
      return { picture: `https://pictures.example.com/${some}.jpg`, width: 320 };
    case 'import':
      return {
        folder: `//nas/${some}`,
        albums: [
          { name: 'Summer', pictures: some },
          { name: 'עברית', pictures: 12 },
        ],
      };
    case 'recognise-faces':
      return { picture: `pictures/${some}.jpg` };
    case 'invoice':
      return { invoice: `2026-${some}`, customer: { id: some, language: 'de' } };
    case 'reconcile-payments':
      return { day: '2026-11-29' };
    default:
      return { collection: `collection-${some}` };
  }
}
