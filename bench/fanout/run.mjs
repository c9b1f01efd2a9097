// `node bench/fanout/run.mjs [--subscribers 500,2000] [--rounds 3] [--seconds 5] [--write]`: one room, many subscribers
// over WebSocket; Signalbox beside stock Yoga and bare ws, one after the other in each round. See ../README.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/prepare.mjs';
import { runScript } from '../../scripts/run.mjs';
import { registerJob, start, TOKEN, usage, withDatabase } from './start.mjs';

const { values: options } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '500,2000' },
    contenders: { type: 'string', default: 'stock,signalbox,bare' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    // Events a second for all in the steady case, so that each contender delivers so many messages a second.
    deliveries: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});

const CASES = [
  { mode: 'steady', name: 'steady' },
  { mode: 'max', name: 'one at a time', batch: 1, inFlight: 4 },
  { mode: 'max', name: 'eight in one commit', batch: 8, inFlight: 2 },
];

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

async function measure(contender, subscribers) {
  const work = async (databaseUrl) => {
    const server = start(`servers/${contender}.mjs`, databaseUrl);
    const load = start('load.mjs');
    try {
      const { url } = await server.ask();
      if (contender === 'signalbox') await registerJob(url);
      const target = { contender, url, token: TOKEN, subscribers };
      const idle = usage(server.child.pid).rss;
      await load.ask({ command: 'connect', ...target });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const memory = (usage(server.child.pid).rss - idle) / subscribers;
      const rows = [];
      for (const { name, ...how } of CASES) {
        const rate = Math.max(1, Math.round(Number(options.deliveries) / subscribers));
        const task = { ...target, ...how, rate, seconds: Number(options.seconds) };
        // Once before it counts, so that all of them run warm.
        await load.ask({ command: 'run', ...task, seconds: 1 });
        const before = usage(server.child.pid).cpu;
        const { result } = await load.ask({ command: 'run', ...task });
        const cpu = usage(server.child.pid).cpu - before;
        rows.push({
          contender,
          subscribers,
          case: name,
          perSecond: result.deliveries / result.elapsed,
          p50: result.p50,
          p99: result.p99,
          cpuMicros: (cpu * 1e6) / result.deliveries,
          memory,
          load: loadavg()[0],
        });
        const { perSecond, p50, p99, cpuMicros } = rows.at(-1);
        console.log(
          `${contender} ${subscribers} ${name}: ${Math.round(perSecond)}/s, p50 ${p50?.toFixed(1)} p99 ${p99?.toFixed(1)} ms, ${cpuMicros.toFixed(2)} µs CPU, load ${loadavg()[0].toFixed(1)}`,
        );
      }
      return rows;
    } finally {
      load.child.disconnect();
      server.child.disconnect();
    }
  };
  return contender === 'signalbox' ? withDatabase(work) : work();
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function report(rows) {
  const lines = [
    '| subscribers | case | contender | deliveries/s (min / median / max) | p50 ms | p99 ms | server CPU µs a delivery | KB a subscriber |',
    '|---|---|---|---|---|---|---|---|',
  ];
  const groups = Map.groupBy
    ? Map.groupBy(rows, (row) => [row.subscribers, row.case, row.contender].join('|'))
    : rows.reduce((map, row) => {
        const key = [row.subscribers, row.case, row.contender].join('|');
        return map.set(key, [...(map.get(key) ?? []), row]);
      }, new Map());
  for (const group of groups.values()) {
    const of = (name) => group.map((row) => row[name] ?? Number.NaN);
    const rates = of('perSecond').map(Math.round);
    lines.push(
      `| ${group[0].subscribers} | ${group[0].case} | ${group[0].contender} | ${Math.min(...rates)} / **${median(rates)}** / ${Math.max(...rates)} | ${median(of('p50')).toFixed(1)} | ${median(of('p99')).toFixed(1)} | ${median(of('cpuMicros')).toFixed(2)} | ${(median(of('memory')) / 1_024).toFixed(0)} |`,
    );
  }
  return lines.join('\n');
}

await runScript(async () => {
  await ensureBuilt();
  const rows = [];
  for (const subscribers of options.subscribers.split(',').map(Number)) {
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const contender of options.contenders.split(','))
        rows.push(...(await measure(contender, subscribers)));
    }
  }
  const versions = ['ws', 'graphql-ws', 'graphql-yoga', 'graphql'].map((name) => {
    const { version } = JSON.parse(readFileSync(file(`../../node_modules/${name}/package.json`), 'utf8'));
    return `${name} ${version}`;
  });
  const loads = rows.map(({ load }) => load);
  const text = `# Fan-out

${report(rows)}

Node ${process.version}, ${versions.join(', ')}; ${cpus().length} × ${cpus()[0].model}; load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}
while it ran (the benchmark itself makes about 2); ${options.rounds} rounds of ${options.seconds} s, alternating; steady: ${options.deliveries} deliveries a second.
`;
  console.log(text);
  if (options.write) {
    mkdirSync(file('../results'), { recursive: true });
    writeFileSync(file('../results/fanout.md'), text);
  }
  process.exit();
});
