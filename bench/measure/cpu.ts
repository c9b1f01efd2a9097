/** CPU seconds of everything that takes part, from /proc and Redis: user and system time together. */
import { readdirSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';

export type CpuSeconds = Record<string, number>;

const TICKS_PER_SECOND = 100;
/** Processes of PostgreSQL that work for every database. */
const SHARED = /postgres: .*(walwriter|checkpointer|background writer)/;

export interface CpuMeter {
  /** Seconds since the last call. */
  lap(): Promise<CpuSeconds>;
  close(): void;
}

/** @param database name of the database whose connections count */
export async function createCpuMeter(options: {
  database: string;
  redisUrl: string;
  processes: readonly { name: string; pid: number }[];
}): Promise<CpuMeter> {
  const redis = new Redis(options.redisUrl);
  let last: CpuSeconds = {};

  async function read(): Promise<CpuSeconds> {
    const { user, system } = process.cpuUsage();
    const now: CpuSeconds = {
      client: (user + system) / 1e6,
      postgres: postgresSeconds(options.database),
      redis: redisSeconds(await redis.info('cpu')),
    };
    for (const { name, pid } of options.processes) now[name] = (now[name] ?? 0) + processSeconds(pid);
    return now;
  }

  last = await read();
  return {
    async lap() {
      const now = await read();
      const lap = Object.fromEntries(
        Object.entries(now).map(([name, seconds]) => [name, Math.max(0, seconds - (last[name] ?? 0))]),
      );
      last = now;
      return lap;
    },
    close: () => redis.disconnect(),
  };
}

function postgresSeconds(database: string): number {
  let seconds = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.startsWith('postgres:') && (command.includes(` ${database} `) || SHARED.test(command))) {
        seconds += processSeconds(Number(pid));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return seconds;
}

function processSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function redisSeconds(info: string): number {
  const value = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
  return value('used_cpu_user') + value('used_cpu_sys');
}
