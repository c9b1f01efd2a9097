/** The job's name and schemas: nothing of Node, so that pages have them, too. */
import { z } from 'zod';

export const CATEGORY = 'analysis';
export const NAME = 'index-source';

export const payloadSchema = z.object({
  part: z
    .string()
    .regex(/^[^/\\]+$/, 'is not the name of a directory')
    .refine((name) => name !== '..', 'is outside of the tree')
    .describe('A sub-directory of the root, or . for the files of the root itself'),
});

const counts = { files: z.int().min(0), lines: z.int().min(0) };

export const resultSchema = z.object({
  ...counts,
  languages: z.record(z.string(), z.object(counts)),
  exportedSymbols: z.int().min(0),
  binaryFiles: z.int().min(0),
  unreadable: z.array(z.object({ path: z.string(), reason: z.string() })),
});

export type IndexResult = z.infer<typeof resultSchema>;
