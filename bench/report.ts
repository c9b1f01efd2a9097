/** Results as a table for people and as JSON. */
import type { Case, Goal } from './cases.ts';
import type { Figures } from './measure/once.ts';

/** Figures of every round, by case and contender. */
export type Results = Map<string, Map<string, Figures[]>>;

interface Spread {
  min: number;
  median: number;
  max: number;
}

function spreadOf(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return { min: sorted[0] as number, median, max: sorted.at(-1) as number };
}

function valuesOf(results: Results, caseId: string, contender: string, value: string): number[] {
  return (results.get(caseId)?.get(contender) ?? []).map(({ values }) => values[value]).filter(isNumber);
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}

/** One table for a case: every value of every contender, and the CPU that each part took for 10,000 tasks. */
function tableOf(results: Results, { id, title, contenders }: Case): string {
  const lines = [
    `### ${title}`,
    '',
    '| | | min | median | max | CPU seconds for 10,000 tasks |',
    '|---|---|--:|--:|--:|---|',
  ];
  for (const contender of contenders) {
    const rounds = results.get(id)?.get(contender);
    if (!rounds?.length) continue;
    const names = Object.keys(rounds[0]?.values ?? {});
    for (const [index, name] of names.entries()) {
      const { min, median, max } = spreadOf(valuesOf(results, id, contender, name));
      const label = index === 0 ? contender : '';
      const cpu = index === 0 ? cpuOf(rounds) : '';
      lines.push(`| ${label} | ${name} | ${shown(min)} | ${shown(median)} | ${shown(max)} | ${cpu} |`);
    }
  }
  return lines.join('\n');
}

function cpuOf(rounds: Figures[]): string {
  const parts = new Set(rounds.flatMap(({ cpu }) => Object.keys(cpu)));
  return [...parts]
    .map((part) => {
      const { median } = spreadOf(rounds.map(({ cpu, tasks }) => ((cpu[part] ?? 0) / tasks) * 10_000));
      return `${part} ${median.toFixed(2)}`;
    })
    .join(', ');
}

/** Our figure divided by theirs, round by round: what a busy moment does to both cancels out. */
function ratiosOf(
  results: Results,
  caseId: string,
  goal: Goal,
): { ratios: number[]; against: string } | undefined {
  const ours = valuesOf(results, caseId, goal.ours, goal.value);
  if (!Array.isArray(goal.against)) {
    const theirs = valuesOf(results, goal.against.case, goal.ours, goal.value);
    return ratios(ours, theirs, `case ${goal.against.case}`);
  }
  const better = goal.atMost === undefined ? Math.max : Math.min;
  const candidates = goal.against
    .map((name) => ({ name, values: valuesOf(results, caseId, name, goal.value) }))
    .filter(({ values }) => values.length > 0);
  if (candidates.length === 0) return undefined;
  const best = candidates.reduce((a, b) => {
    const [x, y] = [spreadOf(a.values).median, spreadOf(b.values).median];
    return better(x, y) === x ? a : b;
  });
  return ratios(ours, best.values, best.name);
}

function ratios(ours: number[], theirs: number[], against: string) {
  const count = Math.min(ours.length, theirs.length);
  if (count === 0) return undefined;
  return {
    against,
    ratios: Array.from({ length: count }, (_, i) => (ours[i] as number) / (theirs[i] as number)),
  };
}

function goalsOf(results: Results, cases: Case[]): string {
  const lines = [
    '### Goals',
    '',
    '| | ours against | goal | min | median | max | |',
    '|---|---|--:|--:|--:|--:|---|',
  ];
  for (const { id, goals } of cases) {
    for (const goal of goals) {
      const found = ratiosOf(results, id, goal);
      if (!found) continue;
      const { min, median, max } = spreadOf(found.ratios);
      const met = goal.atMost === undefined ? median >= (goal.atLeast ?? 0) : median <= goal.atMost;
      const wanted =
        goal.atMost === undefined ? (goal.atLeast ? `≥ ${goal.atLeast}` : '') : `≤ ${goal.atMost}`;
      lines.push(
        `| ${goal.name} | ${found.against} | ${wanted} | ${[min, median, max].map((x) => x.toFixed(2)).join(' | ')} | ${wanted ? (met ? 'met' : 'missed') : ''} |`,
      );
    }
  }
  return lines.join('\n');
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

export function reportOf(results: Results, cases: Case[], settings: Record<string, unknown>): string {
  const measured = cases.filter(({ id }) => results.has(id));
  return [
    `## ${settings.date}`,
    '',
    ...Object.entries(settings).map(([name, value]) => `- ${name}: ${value}`),
    '',
    goalsOf(results, measured),
    '',
    ...measured.flatMap((one) => [tableOf(results, one), '']),
  ].join('\n');
}

export function toJson(results: Results): unknown {
  return Object.fromEntries([...results].map(([id, of]) => [id, Object.fromEntries(of)]));
}
