/** Looks whether a server could listen where the settings say. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { errorCode } from '../../domain/thrown.ts';
import { bad, type Finding, good } from './finding.ts';

const ANSWER_MS = 1_000;

export async function examinePort({ host, port }: Config): Promise<Finding> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return good('port', `${host}:${port} is free`);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE') {
      if (await isServer(host, port)) return good('port', `a Signalbox server listens on ${host}:${port}`);
      return bad('port', `something else listens on ${host}:${port}. Stop it, or set PORT to another one.`);
    }
    return bad('port', `${host}:${port} cannot be listened on (${code}). Set HOST and PORT to others.`);
  } finally {
    server.close();
  }
}

async function isServer(host: string, port: number): Promise<boolean> {
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${name}:${port}/health/ready`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return 'migrations' in ((await response.json()) as object);
  } catch {
    return false;
  }
}
