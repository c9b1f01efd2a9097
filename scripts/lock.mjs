// Two commands started at once in one checkout (a server in one terminal, the demo in another) must not
// install, generate or build at the same time.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.mjs';

const STALE_MS = 15 * 60_000;

/**
 * Runs the body while no other process of this checkout holds the lock of that name. A lock whose process is
 * gone is taken over.
 * @param {string} name
 * @param {() => Promise<void>} body
 */
export async function lock(name, body) {
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const file = join(tmpdir(), `signalbox-${checkout}-${name}.lock`);
  let waiting = false;
  while (!take(file)) {
    if (!waiting) console.log(`Waiting for another command that prepares this directory (${name})…`);
    waiting = true;
    await sleep(200);
  }
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  try {
    await body();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld(file)) rmSync(file, { force: true });
  return false;
}

function isHeld(file) {
  try {
    // Whatever holds it that long is not ours: process ids are given out again.
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return false;
    // An empty file is one that its owner is about to write.
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
