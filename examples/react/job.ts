/** The demo's job, as the page knows it: types and the check of payloads, of the schemas that its worker serves. */
import { defineJob } from '../../src/client/index.ts';
import { CATEGORY, NAME, payloadSchema, resultSchema } from '../index-source/schemas.ts';

/** The server of the example has one room for all pages: the tree that its worker was started for. */
export const ROOM = 'source';

export const indexPart = defineJob({
  room: ROOM,
  category: CATEGORY,
  name: NAME,
  payload: payloadSchema,
  result: resultSchema,
});
