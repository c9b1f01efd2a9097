/** The same small payload for all. */
import { z } from 'zod';

export const payloadSchema = z.object({ n: z.number(), path: z.string() });

/** As a worker registers it. */
export const PAYLOAD_JSON_SCHEMA = z.toJSONSchema(payloadSchema, { target: 'draft-2020-12', io: 'input' });

export function payloadOf(n: number): z.infer<typeof payloadSchema> {
  return { n, path: `src/module-${n % 1000}/file.ts` };
}
