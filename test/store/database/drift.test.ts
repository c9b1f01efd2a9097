import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diffMigrations, MIGRATIONS, SCHEMA } from '../../../scripts/schema-diff.ts';

const schema = await readFile(SCHEMA, 'utf8');
const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

/** A copy of the migrations with one more. */
async function migrationsWith(sql: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-drift-'));
  directories.push(directory);
  await cp(MIGRATIONS, directory, { recursive: true });
  await mkdir(join(directory, '99990101000000_more'));
  await writeFile(join(directory, '99990101000000_more', 'migration.sql'), sql);
  return directory;
}

// Each comparison starts a database of its own.
describe('the migrations', { timeout: 120_000 }, () => {
  it('give exactly schema.prisma', async () => {
    expect(await diffMigrations(schema)).toBe('');
  });

  it('differ from a schema with another column', async () => {
    const changed = schema.replace('model Job {', 'model Job {\n  flavour Int?');
    expect(await diffMigrations(changed)).toContain('ALTER TABLE "job" ADD COLUMN     "flavour" INTEGER');
  });

  it('differ when one of them does what the schema does not say', async () => {
    const directory = await migrationsWith('ALTER TABLE "job" ADD COLUMN "flavour" INTEGER;');
    expect(await diffMigrations(schema, directory)).toContain('DROP COLUMN "flavour"');
  });

  it('are refused with the reason when one of them fails', async () => {
    const directory = await migrationsWith('ALTER TABLE "nowhere" ADD COLUMN "flavour" INTEGER;');
    await expect(diffMigrations(schema, directory)).rejects.toThrow('No such table: nowhere');
  });
});
