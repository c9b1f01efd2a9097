#!/usr/bin/env node
/** The command line: one command a file in cli/. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { TransportUnavailable } from './app/errors.ts';
import { runDoctor } from './cli/doctor.ts';
import { runMigrate } from './cli/migrate.ts';
import { serve } from './cli/serve.ts';
import { ConfigError } from './config.ts';
import { GraphqlVersionUnsupported } from './server/graphql/execution/graphql-version.ts';
import { DocumentsUnavailable } from './server/graphql/trusted-documents.ts';
import { AddressUnavailable } from './server/http/http.ts';
import { DatabaseUnavailable } from './store/database/database.ts';
import { outageOf } from './store/database/outage.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('signalbox')
  .description('Job orchestration behind one typed GraphQL API. Settings come from the environment and .env.')
  .version(version)
  .showHelpAfterError();

program
  .command('serve', { isDefault: true })
  .description('start a server: the API, streams and health probes')
  .action(serve);

program
  .command('migrate')
  .description('bring the database up to date, as a server does at its start')
  .action(runMigrate);

program
  .command('doctor')
  .description('look whether a server could start here, and say what helps where it could not')
  .option('--json', 'print the findings as one JSON document')
  .action(runDoctor);

await program.parseAsync().catch(fail);

/** An error that the operator can correct is printed as a sentence, any other with its stack. */
function fail(error: unknown): never {
  const expected = [
    ConfigError,
    DatabaseUnavailable,
    TransportUnavailable,
    DocumentsUnavailable,
    GraphqlVersionUnsupported,
    AddressUnavailable,
  ];
  const isExpected =
    error instanceof Error &&
    (expected.some((kind) => error instanceof kind) || outageOf(error) !== undefined);
  process.stderr.write(
    `${isExpected ? error.message : (error instanceof Error && error.stack) || String(error)}\n`,
  );
  process.exit(1);
}
