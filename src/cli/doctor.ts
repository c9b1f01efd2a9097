/** `signalbox doctor`: looks whether a server could start here, and says of each thing that is in its way what helps. */
import { readFileSync } from 'node:fs';
import { type Config, ConfigError, readConfig, unknownSettings } from '../config.ts';
import { examineDatabase } from './doctor/database.ts';
import { bad, type Finding, good, warning } from './doctor/finding.ts';
import { examinePort } from './doctor/port.ts';
import { examineRedis } from './doctor/redis.ts';

const MARKS = { good: '✔', warning: '!', bad: '✘' } as const;

/** Prints one line for each thing, or with `json` all of it as one document. Exit code 1 when something is bad. */
export async function runDoctor({ json = false }: { json?: boolean } = {}): Promise<void> {
  const found: Finding[] = [];
  for await (const finding of examine()) {
    found.push(finding);
    const { about, state, says } = finding;
    if (!json) console.log(`${MARKS[state]} ${about.padEnd(12)} ${says}`);
  }
  if (json) console.log(JSON.stringify(found, null, 2));
  if (found.some(({ state }) => state === 'bad')) process.exitCode = 1;
}

async function* examine(): AsyncGenerator<Finding> {
  yield examineNode(process.versions.node);
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // A headline, and one line for each of them.
    const [headline, ...lines] = error.message.split('\n');
    for (const line of lines.length > 0 ? lines : [headline ?? '']) yield bad('settings', line.trim());
    return;
  }
  const unknown = unknownSettings();
  for (const name of unknown) yield warning('settings', `${name} is no setting. Check how it is written.`);
  if (unknown.length === 0) yield good('settings', 'each of them is right');
  yield* await examineDatabase(config);
  yield* await examineRedis(config);
  yield await examinePort(config);
}

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Looks at the version of Node, like 20.19.0. */
function examineNode(version: string): Finding {
  const [oldest] = /\d+\.\d+/.exec(engines.node) ?? [''];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needed = 0, neededMinor = 0] = oldest.split('.').map(Number);
  if (major > needed || (major === needed && minor >= neededMinor)) return good('node', version);
  return bad('node', `${version} is older than ${oldest}. Install a newer one.`);
}
