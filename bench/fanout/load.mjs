/**
 * The load, in a process of its own: sockets that read frames without understanding them, so that the machine's time
 * goes to the server; and whoever asks for events. One socket in SAMPLED looks into what it gets, for the latency.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import { connect } from 'node:net';
import { MARK, now, QUERY, ROOM } from './operation.mjs';

const SAMPLED = 25;

let received = 0;
let latencies = [];
let waiting = [];

function wake() {
  const ready = waiting.filter(({ count }) => received >= count);
  if (ready.length === 0) return;
  waiting = waiting.filter(({ count }) => received < count);
  for (const { resolve } of ready) resolve();
}

/** Connects, signs in and subscribes; resolves when the subscription has been sent. */
async function subscribe(url, token, index) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.setNoDelay(true);
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      '\r\n',
    ].join('\r\n'),
  );
  const acknowledged = read(socket, index % SAMPLED === 0);
  say(socket, { type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await acknowledged;
  say(socket, { type: 'subscribe', id: randomUUID(), payload: { query: QUERY } });
  return socket;
}

/** A masked text frame, as clients must send them. */
function say(socket, message) {
  const text = Buffer.from(JSON.stringify(message));
  const mask = randomBytes(4);
  const header =
    text.length < 126 ? Buffer.from([0x81, 0x80 | text.length]) : Buffer.from([0x81, 0xfe, 0, 0]);
  if (text.length >= 126) header.writeUInt16BE(text.length, 2);
  for (let at = 0; at < text.length; at++) text[at] ^= mask[at & 3];
  socket.write(Buffer.concat([header, mask, text]));
}

/** An empty pong, with a mask of zeros: who does not answer pings is taken for dead. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Counts messages; resolves with the first one, the acknowledgement. */
function read(socket, isSampled) {
  let upgraded = false;
  let rest = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    let acknowledged = false;
    socket.on('error', reject);
    socket.on('close', () => {
      if (acknowledged) console.error('A socket was closed by the server');
      else reject(new Error('The server has closed a socket instead of acknowledging it'));
    });
    socket.on('data', (chunk) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!upgraded) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = data;
          return;
        }
        upgraded = true;
        data = data.subarray(end + 4);
      }
      let at = 0;
      while (data.length - at >= 2) {
        const short = data[at + 1] & 0x7f;
        const head = short < 126 ? 2 : 4;
        if (data.length - at < head) break;
        const length = short < 126 ? short : data.readUInt16BE(at + 2);
        if (data.length - at < head + length) break;
        const isText = (data[at] & 0x0f) === 1;
        if (isText && !acknowledged) {
          acknowledged = true;
          resolve();
        } else if (isText) {
          received++;
          if (isSampled) sample(data.subarray(at + head, at + head + length));
        } else if ((data[at] & 0x0f) === 9) socket.write(PONG);
        at += head + length;
      }
      rest = data.subarray(at);
      wake();
    });
  });
}

function sample(message) {
  const at = message.indexOf(MARK);
  if (at < 0) return;
  const end = message.indexOf(0x22, at);
  latencies.push((now() - Number(message.toString('latin1', at + MARK.length, end))) / 1_000);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function post(url, path, token, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      authorization: `Bearer ${token}`,
    };
    const request = http.request(`${url}${path}`, { method: 'POST', agent, headers }, (response) => {
      let answer = '';
      response.on('data', (chunk) => {
        answer += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 && !answer.includes('"errors"')
          ? resolve(answer)
          : reject(new Error(`${response.statusCode} ${answer}`)),
      );
    });
    request.on('error', reject);
    request.end(text);
  });
}

const SUBMIT = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) { __typename } }`;

/** Asks for events: as many as there are stamps. */
function publish({ contender, url, token }, count) {
  const stamps = Array.from({ length: count }, () => `${MARK}${now()}`);
  if (contender !== 'signalbox') return post(url, '/publish', token, stamps);
  const inputs = stamps.map((entityId) => ({ room: ROOM, job: `${ROOM}:general:work`, entityId }));
  return post(url, '/graphql', token, { query: SUBMIT, variables: { inputs } });
}

/** Resolves when so many messages have come, at last. */
function arrived(count, withinMs = 60_000) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${received} of ${count} messages came`)), withinMs);
    waiting.push({
      count,
      resolve() {
        clearTimeout(timer);
        resolve();
      },
    });
    wake();
  });
}

async function run(task) {
  const { subscribers, mode, seconds, rate, batch, inFlight } = task;
  received = 0;
  latencies = [];
  const begun = performance.now();
  let asked = 0;
  if (mode === 'steady') {
    const requests = [];
    while (performance.now() - begun < seconds * 1_000) {
      const due = Math.floor(((performance.now() - begun) / 1_000) * rate);
      while (asked < due) {
        asked++;
        requests.push(publish(task, 1));
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(requests);
    await arrived(asked * subscribers);
  } else {
    // As fast as all of it arrives: each lane asks again when its own events have reached everybody.
    const lane = async () => {
      while (performance.now() - begun < seconds * 1_000) {
        asked += batch;
        const wanted = asked * subscribers;
        await publish(task, batch);
        await arrived(wanted - (inFlight - 1) * batch * subscribers);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    await arrived(asked * subscribers);
  }
  const elapsed = (performance.now() - begun) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.min(Math.floor(latencies.length * part), latencies.length - 1)] ?? null;
  return { events: asked, deliveries: received, elapsed, p50: at(0.5), p99: at(0.99) };
}

process.on('message', async ({ command, ...task }) => {
  try {
    if (command === 'connect') {
      for (let index = 0; index < task.subscribers; index += 20) {
        const some = Array.from({ length: Math.min(20, task.subscribers - index) }, (_, n) => index + n);
        await Promise.all(some.map((n) => subscribe(task.url, task.token, n)));
      }
      process.send({ done: true });
    } else process.send({ result: await run(task) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
