/** Secrets that stand in files, as container platforms mount them: NAME_FILE names the file of the setting NAME. */

import { readFileSync } from 'node:fs';
import { errorCode } from './domain/thrown.ts';

/** The settings that may stand in a file: what they hold is a secret, or has one in it. */
export const IN_FILES = [
  'DATABASE_URL',
  'SIGNALBOX_DIRECT_DATABASE_URL',
  'REDIS_URL',
  'SIGNALBOX_ADMIN_TOKEN',
  'SIGNALBOX_ADMIN_TOKEN_PREVIOUS',
  'SIGNALBOX_JWT_SECRET',
  'SIGNALBOX_JWT_SECRET_PREVIOUS',
  'SIGNALBOX_METRICS_TOKEN',
] as const;

type Given = Record<string, string | undefined>;

/** The settings with those of files in their place, and what is wrong with the files. */
export function readSecretFiles(given: Given): { given: Given; wrong: { name: string; message: string }[] } {
  const read = { ...given };
  const wrong: { name: string; message: string }[] = [];
  for (const setting of IN_FILES) {
    const name = `${setting}_FILE`;
    const path = given[name];
    if (path === undefined) continue;
    delete read[name];
    if (given[setting] !== undefined) {
      wrong.push({ name, message: `expected without ${setting}: one of the two` });
      continue;
    }
    try {
      // Editors and `echo` end a file with a line feed.
      const text = readFileSync(path.trim(), 'utf8').replace(/\r?\n$/, '');
      if (text === '') wrong.push({ name, message: 'expected a file that is not empty' });
      read[setting] = text;
    } catch (error) {
      const code = errorCode(error);
      wrong.push({ name, message: `expected a file that can be read (${code})` });
    }
  }
  return { given: read, wrong };
}
