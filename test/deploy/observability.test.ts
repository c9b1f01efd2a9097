/** What deploy/ gives Prometheus and Grafana, against the metrics of a running server. Neither of them is needed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { promtool, runPromtool } from '../metrics/promtool.ts';
import { scrape } from '../metrics/scrape.ts';
import { ADMIN_TOKEN, startApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
}

const alerts = read('deploy/prometheus/alerts.yml');
const compose = read('docker-compose.yml');
const dashboard = JSON.parse(read('deploy/grafana/dashboards/signalbox.json'));
const panels: Panel[] = dashboard.panels;
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
let metrics: string[];

beforeAll(async () => {
  const { db } = await createTestDatabase('pglite');
  const app = await startApp({ database: db });
  metrics = (await scrape(app.url, ADMIN_TOKEN)).names;
  await app.stop();
});

/** The names of our metrics in an expression, without what Prometheus makes of a histogram. */
const namesIn = (text: string) =>
  [...text.matchAll(/\bsignalbox_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));

describe('the alerts', () => {
  it('ask for metrics that servers have', () => {
    const asked = [...alerts.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].flatMap(([text]) =>
      namesIn(text),
    );
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.filter((name) => !metrics.includes(name))).toEqual([]);
  });

  it.skipIf(!promtool)('pass their own tests (left out where there is no promtool)', () => {
    expect(runPromtool(['check', 'rules', join(ROOT, 'deploy/prometheus/alerts.yml')])).toBe('');
    expect(runPromtool(['test', 'rules', join(ROOT, 'deploy/prometheus/alerts.test.yml')])).toBe('');
    const config = join(ROOT, 'deploy/prometheus/prometheus.yml');
    expect(runPromtool(['check', 'config', '--syntax-only', config])).toBe('');
  });

  it('each have a test', () => {
    const tests = read('deploy/prometheus/alerts.test.yml');
    const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(names).toHaveLength(14);
    for (const name of names) {
      expect(tests).toMatch(new RegExp(`alertname: ${name}\\n\\s+exp_alerts:\\n\\s+- exp_labels`));
    }
  });
});

describe('the dashboard', () => {
  it('asks for metrics that servers have', () => {
    const asked = expressions.flatMap(namesIn);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !metrics.includes(name))).toEqual([]);
    for (const { query } of dashboard.templating.list.slice(1))
      expect(metrics).toEqual(expect.arrayContaining(namesIn(query.query)));
  });

  it('is of the form that Grafana loads', () => {
    expect(dashboard).toMatchObject({ uid: 'signalbox', title: 'Signalbox', schemaVersion: 39 });
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const variables = dashboard.templating.list.map(({ name }: { name: string }) => name);
    for (const { type, title, targets = [] } of panels) {
      expect(['row', 'stat', 'timeseries']).toContain(type);
      expect(title).not.toBe('');
      expect(targets.length > 0).toBe(type !== 'row');
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { expr, datasource } of targets) {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's
        expect(datasource.uid).toBe('${datasource}');
        const used = [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name);
        expect(used.filter((name) => ![...variables, '__rate_interval'].includes(name))).toEqual([]);
      }
    }
  });

  it('has panels side by side, none over another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.skipIf(!promtool)('has expressions that Prometheus takes (left out where there is no promtool)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
    try {
      const filled = expressions.map((expr) => expr.replaceAll('$__rate_interval', '5m'));
      const rules = filled.map((expr, n) => ({ record: `dashboard:${n}`, expr }));
      const file = join(directory, 'rules.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      expect(runPromtool(['check', 'rules', file])).toBe('');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the profile "observability" of docker-compose.yml', () => {
  it('mounts files that are there, where its programs look for them', () => {
    const mounted = [...compose.matchAll(/^ {6}- \.\/(deploy\S+?):(\S+):ro$/gm)];
    expect(mounted).toHaveLength(5);
    for (const [, path = ''] of mounted) expect(existsSync(join(ROOT, path))).toBe(true);
    const places = mounted.map(([, , place]) => place);
    const [, rules] = /rule_files:\n {2}- (\S+)/.exec(read('deploy/prometheus/prometheus.yml')) ?? [];
    expect(places).toContain(rules);
    const [, dashboards] =
      /path: (\S+)/.exec(read('deploy/grafana/provisioning/dashboards/signalbox.yml')) ?? [];
    expect(places).toContain(dashboards);
  });

  it('reads every server, by the token that the servers are given', () => {
    const config = read('deploy/prometheus/prometheus.yml');
    const servers = [...compose.matchAll(/^ {2}(server-\d+):$/gm)].map(([, name]) => `${name}:4000`);
    expect(config).toContain(`targets: [${servers.join(', ')}]`);
    const [, file] = /credentials_file: (\S+)/.exec(config) ?? [];
    expect(compose).toContain(`> ${file} &&`);
    expect(compose.match(/SIGNALBOX_METRICS_TOKEN: \$\{SIGNALBOX_METRICS_TOKEN:-\}/g)).toHaveLength(2);
  });

  const dockerCompose = spawnSync('docker-compose', ['--version']).status === 0;
  it.skipIf(!dockerCompose)('is understood by docker-compose (left out where there is none)', () => {
    const { stdout, stderr } = spawnSync('docker-compose', ['--profile', 'observability', 'config'], {
      cwd: ROOT,
      env: { ...process.env, SIGNALBOX_ADMIN_TOKEN: 'a-token-of-thirty-two-characters' },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.match(/profiles:\n {4}- observability/g)).toHaveLength(2);
  });
});
