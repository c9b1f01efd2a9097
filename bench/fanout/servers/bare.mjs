/** `ws` alone: every socket is sent the same text, whatever it has asked for. */
import { WebSocketServer } from 'ws';
import { eventOf } from '../operation.mjs';
import { listen } from './listen.mjs';

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (protocols) => protocols.values().next().value,
});
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    const { type, id } = JSON.parse(String(data));
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'subscribe') socket.operation = id;
  });
});

const server = listen(
  (_request, response) => response.writeHead(404).end(),
  (stamp) => {
    const payload = { data: { roomEvents: eventOf(stamp) } };
    const text = Buffer.from(JSON.stringify({ id: OPERATION_OF_ALL, type: 'next', payload }));
    for (const socket of sockets.clients) socket.send(text, { binary: false });
  },
);
// As long as the ids that clients give their operations.
const OPERATION_OF_ALL = '00000000-0000-4000-8000-000000000000';
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket)),
);
