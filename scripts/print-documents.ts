// Prints the list of the operations that the SDK sends, for scripts/generate.mjs: texts by their SHA-256.
import { createHash } from 'node:crypto';
import * as client from '../src/client/documents.ts';
import * as worker from '../src/client/worker/documents.ts';

const texts = Object.values({ ...client, ...worker }).map(String);
const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);

process.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
