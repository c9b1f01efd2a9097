import { useState } from 'react';
import { Snippet } from '../../design/copy.tsx';
import { Tabs } from '../../frame/tabs.tsx';
import styles from './as-code.module.css';

const TABS = [
  { id: 'json', label: 'JSON' },
  { id: 'typescript', label: 'TypeScript' },
  { id: 'curl', label: 'curl' },
] as const;

/** A submission as programs write it. */
export function AsCode({ input }: { input: object }) {
  const [kind, setKind] = useState<(typeof TABS)[number]['id']>('json');
  return (
    <section className={styles.code}>
      <h2>The same as code</h2>
      <Tabs kind="looks" label="Language" tabs={TABS} now={kind} choose={setKind} />
      <Snippet code={CODE[kind](input)} what="the code" />
    </section>
  );
}

/** A submission for a terminal; the token comes from the environment. */
export function curlOf(input: object): string {
  const query =
    'mutation($input: SubmitTaskInput!) { submitTask(input: $input) { __typename ... on SubmitTaskSuccess { task { id } } ... on Problem { detail } } }';
  const body = JSON.stringify({ query, variables: { input } }).replaceAll("'", String.raw`'\''`);
  return `curl ${location.origin}/graphql \\
  -H "authorization: Bearer $SIGNALBOX_TOKEN" \\
  -H 'content-type: application/json' \\
  -d '${body}'`;
}

const CODE: Record<(typeof TABS)[number]['id'], (input: object) => string> = {
  json: (input) => JSON.stringify(input, null, 2),
  typescript: (input) => `import { createClient } from 'signalbox/client';

const client = createClient({
  url: '${location.origin}',
  token: process.env.SIGNALBOX_TOKEN,
});
const task = await client.submit(${JSON.stringify(input, null, 2)});
console.log(await task.result());`,
  curl: curlOf,
};
