// A server for pictures: the built program on an embedded database that is gone with it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Server {
  url: string;
  token: string;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const token = 'screenshots-admin-token-0123456789';
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: {
      ...process.env,
      PORT: '0',
      SIGNALBOX_ADMIN_TOKEN: token,
      SIGNALBOX_DATA_DIR: ':memory:',
      NODE_ENV: 'production',
      DATABASE_URL: '',
      REDIS_URL: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error(`The server has ended: ${text}`)));
  });
  return {
    url,
    token,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
