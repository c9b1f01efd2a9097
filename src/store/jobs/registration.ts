/** What a registration of a job says. */
import type { Fairness } from '../../domain/fairness.ts';
import type { JobLimit } from '../../domain/limits.ts';

/** What becomes of schemas that are not those of the job. */
export const SCHEMA_CHANGES = ['REFUSE', 'COMPATIBLE', 'REPLACE'] as const;
export type SchemaChange = (typeof SCHEMA_CHANGES)[number];

/** A validated registration. What is undefined is taken from the existing job, or the default for a new one. */
export interface JobRegistration {
  room: string;
  category: string;
  name: string;
  description?: string | undefined;
  payloadSchema?: unknown;
  resultSchema?: unknown;
  /** REFUSE by default. */
  schemaChange?: SchemaChange | undefined;
  maxAttempts?: number | undefined;
  backoffSeconds?: number[] | undefined;
  timeoutSeconds?: number | undefined;
  /** All of them, see change-limits.ts. */
  limits?: readonly JobLimit[] | undefined;
  /** See change-fairness.ts. */
  fairness?: Fairness | undefined;
  /** The worker that will serve it. */
  workerId?: string | undefined;
  /** The identity that registers it (default: the server itself). */
  actor?: string | undefined;
}
