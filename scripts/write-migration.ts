// What scripts/db-diff.mjs runs once the packages are there.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { diffMigrations, MIGRATIONS, SCHEMA } from './schema-diff.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  fail('Usage: npm run db:diff NAME, with a name like add_schedules (lower-case letters, digits and _).');
}
const sql = await diffMigrations(await readFile(SCHEMA, 'utf8')).catch((error) =>
  fail(`No migration was written. ${error instanceof Error ? error.message : error}`),
);
if (sql === '') {
  console.log('No difference: the migrations give exactly prisma/schema.prisma.');
} else {
  const directory = join(MIGRATIONS, `${await nextTimestamp()}_${name}`);
  await mkdir(directory);
  await writeFile(join(directory, 'migration.sql'), sql);
  console.log(
    `${sql}\nWritten to ${relative('.', directory)}. Read it before you commit it: add what Prisma`,
  );
  console.log('cannot express (CHECK constraints, data), and never edit it once it has been released.');
}

/** Prisma's form, YYYYMMDDHHMMSS, and always after the last: migrations are applied in the order of names. */
async function nextTimestamp(): Promise<string> {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const last = (await readdir(MIGRATIONS))
    .map((entry) => entry.slice(0, 14))
    .filter((text) => /^\d{14}$/.test(text))
    .sort()
    .at(-1);
  return last && last >= now ? String(BigInt(last) + 1n) : now;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
