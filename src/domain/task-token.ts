/** Tokens for one task: what may be asked for, and who their holder is. */
import type { TaskGrant, Viewer } from './access.ts';
import { toTypeId } from './typeid.ts';

/** Seconds that a token is valid, at least, where nothing is said, and at most. */
export const TASK_TOKEN_SECONDS = { min: 60, usual: 3_600, max: 86_400 } as const;

/** A token for one task. */
export interface TaskToken {
  token: string;
  expiresAt: Date;
  canCancel: boolean;
}

/** What a token is made of. */
export interface TaskTokenRequest extends TaskGrant {
  seconds: number;
}

/** Gives out tokens for tasks. */
export interface TaskTokens {
  /** Whether the maker may give it is for the caller to have checked. It ends no later than the sign-in of the maker. */
  create(maker: Viewer, request: TaskTokenRequest): Promise<TaskToken>;
}

/** The holder of a token: everyone with a token for the same task is the same. */
export function holderOf(only: TaskGrant, more: Pick<Viewer, 'expiresAt' | 'tier' | 'keyId'>): Viewer {
  return { id: `@task:${toTypeId('task', only.taskId)}`, role: 'USER', rooms: [], only, ...more };
}
