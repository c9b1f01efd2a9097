/**
 * `npm run bench:attacks [-- --write]`: what hostile requests get from a server, what they cost it, and how long a
 * well-behaved caller waits meanwhile. The server is the built one with the embedded database, in a process of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { buildProgram, cleanUp, startProgram } from '../../test/app/program.ts';
import { openSocket } from '../../test/server/socket.ts';
import { JWT_SECRET, tokenFor } from '../../test/support/app.ts';
import { TOKEN, usage } from '../fanout/start.mjs';
import { ATTACKS, type Attack, ORDINARY, register, SCHEMAS } from './attacks.ts';

const TURNS = 3;
const PATIENCE_MS = 120_000;
/** Between two well-behaved queries while an attack lasts. */
const BREATH_MS = 20;
const HEAD = ['attack', 'over', 'answered', 'ms', 'CPU ms', 'RSS MB', 'others waited ms'];
const RESULTS = new URL('../results/attacks.md', import.meta.url);

let turn = 0;
let url = '';
let pid = 0;

await buildProgram();
const loadBefore = loadavg()[0] as number;
try {
  const program = await startProgram({ SIGNALBOX_ADMIN_TOKEN: TOKEN, SIGNALBOX_JWT_SECRET: JWT_SECRET });
  url = await program.ready;
  pid = program.process.pid as number;
  await measureAll();
  await program.end('SIGTERM');
} finally {
  await cleanUp();
}

async function measureAll(): Promise<void> {
  for (let n = 0; n < 200; n++) await post(ORDINARY);
  for (const [name, schema] of Object.entries(SCHEMAS)) await post(register(name, schema));
  const lines = [HEAD, HEAD.map(() => '---')].map(row);
  console.log(lines.join('\n'));
  for (const attack of [{ name: 'none: a well-behaved query', body: () => ORDINARY }, ...ATTACKS]) {
    const overHttp = await measure(attack, 'HTTP', post);
    const overSocket = await measure(attack, 'socket', sendOverSocket);
    // A socket tells no status: what differs is the rest.
    const differs = overHttp[2]?.replace(/^\d+ /, '') !== overSocket[2];
    for (const cells of differs ? [overHttp, overSocket] : [overHttp]) {
      lines.push(row(cells));
      console.log(row(cells));
    }
  }
  const text = `# Attacks\n\n${lines.join('\n')}\n\n${circumstances()}\n`;
  console.log(`\n${circumstances()}`);
  if (process.argv.includes('--write')) writeFileSync(RESULTS, text);
}

async function measure(
  attack: Attack,
  over: string,
  send: (body: string, token: string) => Promise<string>,
): Promise<string[]> {
  // By somebody new: what has cost too much before is not held against it.
  const token = await tokenFor(`attacker-${turn}`, 'ADMIN', ['*']);
  const before = usage(pid);
  const times: number[] = [];
  let waited = 0;
  let answer = '';
  for (let n = 0; n < TURNS; n++) {
    const bodies = Array.from({ length: attack.atOnce ?? 1 }, () => attack.body(turn++));
    const begun = performance.now();
    let isOver = false;
    const attacking = Promise.all(bodies.map((body) => send(body, token))).finally(() => {
      times.push(performance.now() - begun);
      isOver = true;
    });
    do {
      const asked = performance.now();
      await post(ORDINARY);
      waited = Math.max(waited, performance.now() - asked);
      await pause(BREATH_MS);
    } while (!isOver);
    answer = [...new Set(await attacking)].join(' or ');
  }
  const after = usage(pid);
  const ms = times.sort((a, b) => a - b)[Math.floor(TURNS / 2)] as number;
  const cpu = ((after.cpu - before.cpu) / TURNS) * 1_000;
  const growth = (after.rss - before.rss) / 1_048_576;
  return [attack.name, over, answer, ...[ms, cpu, growth, waited].map((figure) => figure.toFixed(0))];
}

async function post(body: string, token = TOKEN): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal });
    return `${response.status} ${summaryOf(await response.json())}`;
  } catch (error) {
    if (signal.aborted) return `nothing in ${PATIENCE_MS / 1_000} s`;
    throw error;
  }
}

async function sendOverSocket(body: string, token: string): Promise<string> {
  const socket = await openSocket(url, token);
  try {
    socket.send(`{"type":"subscribe","id":"1","payload":${body}}`);
    const { type, payload } = await socket.next();
    return summaryOf(type === 'error' ? { errors: payload } : payload);
  } catch {
    const { code, reason } = await socket.closed;
    return `closed: ${code} ${reason}`;
  } finally {
    socket.close();
  }
}

interface Outcome {
  __typename?: string;
  issues?: { message: string }[];
  results?: Outcome[];
}

interface Answer {
  data?: Record<string, Outcome> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The code of its error, or the type of its result and what is wrong with the input. */
function summaryOf({ data, errors }: Answer): string {
  const [error] = errors ?? [];
  if (error) return error.extensions?.code ?? error.message.slice(0, 60);
  const [outcome = {}] = Object.values(data ?? {});
  const { __typename = 'data', issues = [] } = outcome.results?.[0] ?? outcome;
  const count = outcome.results ? `${outcome.results.length} × ` : '';
  return [`${count}${__typename}`, ...issues.map(({ message }) => message.slice(0, 70)).slice(0, 1)].join(
    ': ',
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function circumstances(): string {
  const versions = ['graphql', 'graphql-yoga', 'graphql-ws', 'ajv', 're2js', '@electric-sql/pglite'].map(
    (name) => {
      const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
    },
  );
  const load = [loadBefore, loadavg()[0] as number].map((one) => one.toFixed(1)).join(' before and ');
  return `\`npm run bench:attacks -- --write\`. Node ${process.version}, ${versions.join(', ')}; ${cpus().length} × ${cpus()[0]?.model}; load average
${load} after. Each attack is sent ${TURNS} times, one after the other. Time is the median; CPU is the mean of the whole
server, the queries of the others included; RSS is what the server has more after all of them. Others: the longest wait of
a query of tasks, sent one after the other while the attack lasts. The socket has a row where it answers otherwise.`;
}
