/** What keeps a server from starting and belongs to no part of its own. */
import { errorMessage } from '../domain/thrown.ts';

/** The Redis that REDIS_URL names cannot be used, in one sentence. */
export class TransportUnavailable extends Error {
  override readonly name = 'TransportUnavailable';
}

/** Opens a connection to Redis. @throws TransportUnavailable with the reason */
export async function orUnavailable<T>(connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    const why = errorMessage(error);
    throw new TransportUnavailable(`REDIS_URL cannot be used: ${why}`, { cause: error });
  }
}
