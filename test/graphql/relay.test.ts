/** Relay's own compiler takes the schema: pages that grow, and objects that are fetched again by their id. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, validate } from 'graphql';
import { afterAll, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const SCHEMA = fileURLToPath(new URL('../../schema.graphql', import.meta.url));
const COMPILER = fileURLToPath(new URL('../../node_modules/relay-compiler/cli.js', import.meta.url));

const FRAGMENTS = `
  graphql\`fragment fragments_tasks on Query
    @refetchable(queryName: "MoreTasksQuery")
    @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }, room: { type: "String!" }) {
      tasks(room: $room, first: $count, after: $cursor) @connection(key: "fragments_tasks") {
        edges { node { id ...fragments_task } }
      }
    }\`;
  graphql\`fragment fragments_task on Task @refetchable(queryName: "TaskAgainQuery") {
    status progress
    transitions(first: 10) { edges { node { to at } } }
  }\`;
`;

const project = mkdtempSync(join(tmpdir(), 'relay-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

it('compiles a fragment that pages and one that is fetched again', async () => {
  mkdirSync(join(project, 'src'));
  mkdirSync(join(project, 'made'));
  writeFileSync(join(project, 'src', 'fragments.js'), FRAGMENTS);
  writeFileSync(join(project, 'schema.graphql'), readFileSync(SCHEMA));
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'javascript',
    artifactDirectory: './made',
  };
  writeFileSync(join(project, 'relay.config.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [COMPILER, '--noWatchman'], { cwd: project });
  const made = readdirSync(join(project, 'made'));
  for (const query of ['MoreTasksQuery', 'TaskAgainQuery']) {
    const artifact = readFileSync(
      join(project, 'made', made.find((name) => name.startsWith(query)) ?? query),
      'utf8',
    );
    const [, text = ''] = /"text": ("query .*")/.exec(artifact) ?? [];
    expect(validate(schema, parse(JSON.parse(text)))).toEqual([]);
    expect(text).toMatch(query === 'TaskAgainQuery' ? /node\(id: \$id\)/ : /endCursor/);
  }
});
