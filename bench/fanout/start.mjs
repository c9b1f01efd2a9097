/** Starts the processes of a benchmark, and reads what they take. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ROOM } from './operation.mjs';

export const TOKEN = 'bench-admin-token-0123456789';
const DATABASE_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const TICKS_A_SECOND = 100;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A process, and how to ask it something; a server is given the database. */
export function start(path, databaseUrl = '') {
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: '',
    SIGNALBOX_ADMIN_TOKEN: TOKEN,
    // All of them are one caller.
    SIGNALBOX_SOCKETS_PER_CALLER: '100000',
  };
  const child = fork(file(path), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      child.once('message', (answer) => (answer.error ? reject(new Error(answer.error)) : resolve(answer)));
      child.once('exit', (code) => reject(new Error(`${path} ended with ${code}`)));
      if (message) child.send(message);
    });
  return { child, ask };
}

/** CPU seconds, and resident bytes, of a process so far. */
export function usage(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, rss: Number(rss[1]) * 1_024 };
}

/** Works on a database of its own, which is dropped afterwards. */
export async function withDatabase(work) {
  const admin = new pg.Client(DATABASE_URL);
  await admin.connect();
  const name = `fanout_${process.pid}_${Date.now()}`;
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    const url = new URL(DATABASE_URL);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

export async function registerJob(url) {
  const query = `mutation { registerJob(input: { room: "${ROOM}", category: "general", name: "work" }) { __typename } }`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
  await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}
