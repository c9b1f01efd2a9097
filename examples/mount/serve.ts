/** Runs one of the servers until Ctrl-C. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Signalbox } from '../../src/mount/index.ts';

/** Whether the module is the program, and not imported by one. */
export function isMain(url: string): boolean {
  return process.argv[1] === fileURLToPath(url);
}

export async function serve(server: Server, signalbox: Signalbox): Promise<void> {
  await signalbox.start();
  server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
  await once(server, 'listening');
  console.log(`The shop is open at ${JSON.stringify(server.address())}; sign in at /sign-in?name=Ada`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await signalbox.stop();
  server.close();
}
