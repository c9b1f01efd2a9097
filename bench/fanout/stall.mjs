// `node bench/fanout/stall.mjs [--seconds 120] [--stalled 50]`: sockets and event streams that do not read, under load,
// and what that costs: the server's memory every ten seconds, and whether the one that reads is sent everything.
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { ensureBuilt } from '../../scripts/prepare.mjs';
import { runScript } from '../../scripts/run.mjs';
import { ROOM } from './operation.mjs';
import { registerJob, start, TOKEN, usage, withDatabase } from './start.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, stalled: { type: 'string', default: '50' } },
});

const WATCH = `subscription { roomEvents(room: "${ROOM}") { ... on TaskTransitioned { cursor task { id payload } } } }`;
const SUBMIT = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) { __typename } }`;

function openSocket(url, onEvent) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message) => socket.send(JSON.stringify(message));
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${TOKEN}` } }));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data));
      if (type === 'next') return onEvent();
      if (type !== 'connection_ack') return;
      say({ type: 'subscribe', id: '1', payload: { query: WATCH } });
      resolve(socket);
    });
  });
}

function post(url, body, headers = {}) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
    body: JSON.stringify(body),
  });
}

await runScript(async () => {
  await ensureBuilt();
  await withDatabase(async (databaseUrl) => {
    const server = start('servers/signalbox.mjs', databaseUrl);
    const { url } = await server.ask();
    await registerJob(url);
    let read = 0;
    await openSocket(url, () => read++);
    // Who is given up comes again, and stalls again.
    async function stall() {
      const socket = await openSocket(url, () => {});
      socket.pause();
      socket.on('close', () => void stall());
    }
    for (let count = 0; count < Number(options.stalled); count++) {
      await stall();
      await post(url, { query: WATCH }, { accept: 'text/event-stream' });
    }
    let submitted = 0;
    const payload = { text: 'x'.repeat(20_000) };
    const inputs = Array.from({ length: 10 }, () => ({ room: ROOM, job: `${ROOM}:general:work`, payload }));
    const ends = Date.now() + Number(options.seconds) * 1_000;
    const show = async () => {
      const { streams } = await server.ask('streams');
      const megabytes = Math.round(usage(server.child.pid).rss / 1e6);
      console.log(`${megabytes} MB, ${submitted} submitted, ${read} read, ${JSON.stringify(streams)}`);
    };
    let shown = Date.now();
    while (Date.now() < ends) {
      await (await post(url, { query: SUBMIT, variables: { inputs } })).text();
      submitted += inputs.length;
      if (Date.now() - shown < 10_000) continue;
      shown = Date.now();
      await show();
    }
    while (read < submitted) await new Promise((resolve) => setTimeout(resolve, 100));
    await show();
    server.child.disconnect();
  });
  process.exit();
});
