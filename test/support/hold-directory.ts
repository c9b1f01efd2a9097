/**
 * A process of its own that tries to take a data directory whenever it is told to by a line, and keeps it until it is
 * killed. Prints `ready`, then for each line `held` or why not.
 */
import { createInterface } from 'node:readline';
import { lockDirectory } from '../../src/store/database/directory-lock.ts';

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await lockDirectory(process.argv[2] as string);
    console.log('held');
  } catch (error) {
    console.log((error as Error).message);
  }
}
