/** Requests that cost their sender little and, without limits, the server much. All fit into a body of 256 KiB. */

export interface Attack {
  name: string;
  /** The request as JSON text, another one each time where the server remembers. */
  body: (turn: number) => string;
  /** How many are sent at the same time (1). */
  atOnce?: number;
}

/** Asks for nothing unusual, and is measured beside the attacks. */
export const ORDINARY = ask('{ tasks(first: 10) { nodes { id status } } }');

const ISSUES = '... on InvalidInput { issues { message } }';
const DEAR = '{ tasks(first: 100) { nodes { id transitions(first: 100) { nodes { version to at } } } } }';

/** Parts that refer to the next one twice: the last is looked at 2 to the power of 60 times. */
const DOUBLING = Object.fromEntries([
  ...times(60, (n) => [`a${n}`, { allOf: [part(n + 1), part(n + 1)] }]),
  ['a60', { type: 'string' }],
]);

/** Schemas that payloads are sent to, by the names of their jobs. */
export const SCHEMAS: Record<string, unknown> = {
  any: true,
  alternatives: { items: { anyOf: times(800, (n) => ({ const: `c${n}` })) } },
  dear: {
    type: 'array',
    items: { anyOf: times(600, (n) => ({ properties: { a: { const: n } }, required: ['a'] })) },
  },
  backtracking: { pattern: '^(a+)+$' },
  // Nothing is wrong with it before somebody sends an `a`.
  doubling: { properties: { a: part(0) }, $defs: DOUBLING },
};

export function register(name: string, payloadSchema: unknown): string {
  const query = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) { __typename ${ISSUES} } }`;
  return ask(query, { input: { category: 'general', name, payloadSchema } });
}

export const ATTACKS: readonly Attack[] = [
  query('600 aliases', `{ ${texts(600, (n) => `a${n}: __typename`)} }`),
  query('900 directives', `{ viewer { id ${'@a '.repeat(900)} } }`),
  query('fields 900 deep', `${'{ a '.repeat(900)}${'}'.repeat(900)}`),
  query('fields 600 deep, within the tokens allowed', `${'{ a '.repeat(600)}${'}'.repeat(600)}`),
  query('list literal 900 deep', `{ task(id: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`),
  query('circle of 150 fragments', circle(150)),
  query('150 fragments, each spreads the next twice, aliases', chain(150, 'a: id')),
  query('the same without aliases', chain(150, 'id')),
  query('the same field 490 times', `{ ${'viewer { id } '.repeat(490)} }`),
  query('page of 100 in each of 100 tasks', DEAR),
  sent('batch of 1,000 operations in an array', JSON.stringify(times(1_000, () => JSON.parse(ORDINARY)))),
  submit('string of 250 KB', 'any', JSON.stringify('x'.repeat(250_000))),
  query('document with a comment of 250 KB', `{ viewer { id } } #${'x'.repeat(250_000)}`),
  submit('JSON, 100,000 lists deep', 'any', nested('[', 100_000, ']')),
  submit('JSON, 20,000 objects deep', 'any', nested('{"a":', 20_000, '}')),
  sent('400 variables declared', ask(`query (${texts(400, (n) => `$v${n}: Int`)}) { viewer { id } }`)),
  sent(
    '15,000 variables sent',
    ask('{ viewer { id } }', Object.fromEntries(times(15_000, (n) => [`v${n}`, n]))),
  ),
  submitMany('list of 1,000 tasks with 100 bytes each', 'any', 'x'.repeat(100)),
  registration('schema: $defs that double on 60 levels', { ...part(0), $defs: DOUBLING }),
  registration('schema: 800 × anyOf', SCHEMAS.alternatives),
  registration('schema: 64 KiB of $ref', {
    anyOf: times(2_500, () => ({ $ref: '#/$defs/a' })),
    $defs: { a: {} },
  }),
  registration('schema: pattern that unrolls', { pattern: '(\\pL{1000}){20}' }),
  registration('schema: pattern that backtracks', SCHEMAS.backtracking),
  submit('50,000 items for 800 × anyOf', 'alternatives', JSON.stringify(times(50_000, () => 'x'))),
  submit('100,000 letters for ^(a+)+$', 'backtracking', JSON.stringify(`${'a'.repeat(100_000)}!`)),
  submit('one payload for $defs that double on 60 levels', 'doubling', '{"a":"x"}'),
  submitMany('list of 1,000 tasks for 800 × anyOf, 40 items each', 'alternatives', times(40, String)),
  submitMany('list of 40 tasks for $defs that double on 60 levels', 'doubling', { a: 'x' }, 40),
  {
    ...submitMany(
      'ten lists at once of 15 tasks for 600 × anyOf, 5,000 items each',
      'dear',
      times(5_000, () => ({})),
      15,
    ),
    atOnce: 10,
  },
];

function ask(query: string, variables?: object): string {
  return JSON.stringify({ query, variables });
}

function sent(name: string, body: string): Attack {
  return { name, body: () => body };
}

/** Neither parsed nor refused documents are known from the last time. */
function query(name: string, text: string): Attack {
  return { name, body: (turn) => ask(`${text} #${turn}`) };
}

function registration(name: string, schema: unknown): Attack {
  return { name, body: (turn) => register(`attack-${turn}`, schema) };
}

/** @param payload as JSON text: what is nested very deeply cannot be made into it here */
function submit(name: string, job: string, payload: string): Attack {
  const text = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) { __typename ${ISSUES} } }`;
  const input = { room: 'bench', job: `@global:general:${job}`, payload: 0 };
  return sent(
    name,
    ask(text, { input }).replace('"payload":0', () => `"payload":${payload}`),
  );
}

function submitMany(name: string, job: string, payload: unknown, length = 1_000): Attack {
  const results = `... on SubmitTasksSuccess { results { __typename ${ISSUES} } }`;
  const text = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) { __typename ${results} ${ISSUES} } }`;
  const inputs = times(length, () => ({ room: 'bench', job: `@global:general:${job}`, payload }));
  return sent(name, ask(text, { inputs }));
}

function circle(length: number): string {
  const next = (n: number, step: number) => `...F${(n + step) % length}`;
  return `{ viewer { ...F0 } } ${texts(length, (n) => `fragment F${n} on Viewer { ${next(n, 1)} ${next(n, 7)} }`)}`;
}

function chain(length: number, end: string): string {
  const fragments = texts(length, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`);
  return `{ viewer { ...F0 } } ${fragments} fragment F${length} on Viewer { ${end} }`;
}

function nested(open: string, levels: number, close: string): string {
  return `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`;
}

function part(level: number): object {
  return { $ref: `#/$defs/a${level}` };
}

function texts(length: number, one: (n: number) => string): string {
  return times(length, one).join(' ');
}

function times<T>(length: number, one: (n: number) => T): T[] {
  return Array.from({ length }, (_, n) => one(n));
}
