/** Fairness of a job: by what its tasks of equal priority take turns. */

export const FAIRNESS = {
  NONE: 'They take no turns: the oldest is next.',
  ROOM: 'Rooms take turns: each has one task claimed, then the next one.',
  KEY: 'Keys take turns: the limitKey of the submission, or what fairnessKeyPointer finds in the payload. Tasks without a key share one turn.',
} as const;
export type FairnessBy = keyof typeof FAIRNESS;

export interface Fairness {
  by: FairnessBy;
  /** Of KEY: a JSON Pointer into the payload; null for the limitKey of the submission. */
  keyPointer: string | null;
}
