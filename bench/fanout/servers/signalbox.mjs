/** Signalbox as it is built, on PostgreSQL: events are tasks that are submitted, committed and logged. */
import { buildApp } from '../../../dist/app/app.js';
import { readConfig } from '../../../dist/config.js';

const app = buildApp(readConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'error' }));
const { url } = await app.start();
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'streams') process.send({ streams: { ...app.streams } });
});
process.send({ url });
