// Prints the list of the operations that the SDK or the dashboard sends, for scripts/generate.mjs: texts by their SHA-256.
import { createHash } from 'node:crypto';
import * as client from '../src/client/documents.ts';
import * as worker from '../src/client/worker/documents.ts';
import * as dashboard from '../src/dashboard/generated/graphql.ts';

const documents = process.argv[2] === 'dashboard' ? dashboard : { ...client, ...worker };
const texts = Object.values(documents)
  .map(String)
  .filter((text) => /^\s*(query|mutation|subscription)\b/.test(text));
const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);

process.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
