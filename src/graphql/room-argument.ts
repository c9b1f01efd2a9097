/** Rooms as arguments of fields that have no result union. */
import { Problem } from '../domain/problems.ts';
import { problemError } from './errors.ts';
import { parseRoom } from './input.ts';

/** The room itself, or an error with the code INVALID_ROOM_ID. */
export function parseRoomArgument(room: string): string {
  try {
    return parseRoom(room);
  } catch (problem) {
    throw problem instanceof Problem ? problemError(problem) : problem;
  }
}
