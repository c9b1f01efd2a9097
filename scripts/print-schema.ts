// Prints the API's schema as the code defines it, for scripts/generate.mjs.
import { printSchema } from 'graphql';
import { schema } from '../src/graphql/schema.ts';

process.stdout.write(`${printSchema(schema)}\n`);
