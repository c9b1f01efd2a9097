/** attachAsset: the worker that holds an attempt reports a file that it has produced. */
import { z } from 'zod';
import { type AssetRow, MAX_LOCATION_BYTES, urlFault } from '../../domain/asset.ts';
import {
  Forbidden,
  InvalidInput,
  InvalidTransition,
  StaleAttempt,
  TaskNotFound,
} from '../../domain/problems.ts';
import { MAX_ASSETS } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { jsonObject, parseInput, text } from '../input.ts';
import { attemptOf } from '../task/attempt.ts';
import { refuseHolder } from '../task/result.ts';
import { AssetType, asAsset } from './type.ts';

const AttachAssetInput = builder.inputType('AttachAssetInput', {
  description: 'What the attempt has produced, and where it is: a URL, a storage path, or both.',
  fields: (t) => ({
    taskId: t.id({ required: true }),
    workerId: t.id({ required: true }),
    attempt: t.int({ required: true }),
    type: t.string({
      required: true,
      description: 'In the words of the application: report, image/png, … 128 characters at most.',
    }),
    url: t.string({ description: 'Absolute, of a scheme that the server allows; 2,048 bytes at most.' }),
    storagePath: t.string({
      description:
        'A path in a storage that the applications share, kept as it is and never opened or resolved here; 2,048 bytes at most.',
    }),
    size: t.field({ type: 'Long', description: 'In bytes.' }),
    metadata: t.field({ type: 'JSON', description: 'A JSON object of 16,384 bytes at most; left out: {}.' }),
  }),
});

const MAX_METADATA_BYTES = 16_384;
const PLACES = 'must have a url, a storagePath, or both';

const location = text(1, MAX_LOCATION_BYTES).refine(
  // Too many characters are reported already.
  (value) => value.length > MAX_LOCATION_BYTES || Buffer.byteLength(value) <= MAX_LOCATION_BYTES,
  `must have ${MAX_LOCATION_BYTES} bytes at most`,
);
const attachment = (schemes: readonly string[]) =>
  z
    .object({
      type: text(1, 128),
      url: location
        .superRefine((url, context) => {
          const fault = urlFault(url, schemes);
          if (fault) context.addIssue({ code: 'custom', message: fault });
        })
        .nullish(),
      storagePath: location.nullish(),
      size: z.int().min(0).nullish(),
      metadata: jsonObject(MAX_METADATA_BYTES).nullish(),
    })
    .refine(({ url, storagePath }) => url != null || storagePath != null, PLACES);

const AttachAssetSuccess = builder.objectRef<{ asset: AssetRow }>('AttachAssetSuccess').implement({
  fields: (t) => ({ asset: t.field({ type: AssetType, resolve: ({ asset }) => asAsset(asset) }) }),
});

const AttachAssetResult = builder.errorUnion('AttachAssetResult', {
  types: [AttachAssetSuccess, TaskNotFound, InvalidTransition, StaleAttempt, InvalidInput, Forbidden],
  resolveType: () => AttachAssetSuccess,
});

// No event of a stream: the answer of the next `assets` shows it, and what a task has produced is complete with the
// transition that ends it.
builder.mutationField('attachAsset', (t) =>
  t.field({
    type: AttachAssetResult,
    description: `Attaches an asset to a running attempt: only by the worker that holds it, and ${MAX_ASSETS.toLocaleString('en')} to a task at most. Attaching the same URL, or without one the same storage path, again in the same attempt updates that asset.`,
    args: { input: t.arg({ type: AttachAssetInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const held = await attemptOf(context, input);
      const { store, assetUrlSchemes } = context.services;
      const { type, url, storagePath, size, metadata } = parseInput(attachment(assetUrlSchemes), input);
      const asset = await store.attachAsset({
        ...held,
        type,
        location: (url ?? storagePath) as string,
        isUrl: url != null,
        storagePath: url == null ? null : (storagePath ?? null),
        size: size ?? null,
        metadata: metadata ?? {},
      });
      if (asset === 'full') {
        throw new InvalidInput([{ path: [], message: `a task has ${MAX_ASSETS} assets at most` }]);
      }
      if (asset) return { asset };
      const [task] = await store.findTasks([held.taskId]);
      return refuseHolder(
        context,
        input.taskId,
        { done: 'given an asset', stops: false },
        held,
        task ?? null,
      );
    },
  }),
);
