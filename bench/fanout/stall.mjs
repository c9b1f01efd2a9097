// `node bench/fanout/stall.mjs [--seconds 120] [--stalled 50]`: sockets and event streams that do not read, under load,
// and what that costs: the server's memory every ten seconds, and whether the one that reads is sent everything.
import http from 'node:http';
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

/** An event stream that is asked for and never read. */
function openUnread(url) {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ query: WATCH });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    accept: 'text/event-stream',
    authorization: `Bearer ${TOKEN}`,
  };
  const request = http.request({ hostname, port, path: '/graphql', method: 'POST', headers });
  request.on('response', (response) => response.pause());
  request.on('error', () => {});
  request.end(body);
  return request;
}

function post(url, body) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
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
    // Who is given up does not notice, since it does not read: so all are opened anew now and then.
    let stalled = [];
    async function stall() {
      for (const socket of stalled) socket.destroy();
      stalled = [];
      for (let count = 0; count < Number(options.stalled); count++) {
        const socket = await openSocket(url, () => {});
        socket.pause();
        stalled.push({ destroy: () => socket.terminate() }, openUnread(url));
      }
    }
    await stall();
    let opened = Date.now();
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
      if (Date.now() - opened > 20_000) {
        await stall();
        opened = Date.now();
      }
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
