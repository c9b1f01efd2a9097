/** The shortest programs that register a job and run a task of it, for people to take away. */
export function snippetsOf(url: string, room: string): Record<'typescript' | 'curl' | 'python', string> {
  const register = `mutation { registerJob(input: { room: \\"${room}\\", category: \\"general\\", name: \\"greet\\" }) { __typename ... on Problem { detail } } }`;
  const submit = `mutation { submitTask(input: { room: \\"${room}\\", job: \\"${room}:general:greet\\", payload: { name: \\"Ada\\" } }) { __typename ... on Problem { detail } } }`;
  return {
    typescript: `import { createClient } from 'signalbox/client';
import { createWorker } from 'signalbox/worker';
import { z } from 'zod';

const server = { url: '${url}', token: process.env.SIGNALBOX_TOKEN };

const worker = createWorker({ ...server, name: 'my first worker' });
worker.job({
  room: '${room}',
  category: 'general',
  name: 'greet',
  payload: z.object({ name: z.string() }),
  handler: ({ payload }) => \`Hello, \${payload.name}!\`,
});
await worker.start();

const client = createClient(server);
const task = await client.submit({
  room: '${room}',
  job: '${room}:general:greet',
  payload: { name: 'Ada' },
});
console.log(await task.result());`,
    curl: `# Defines a job and submits a task of it; it waits for a worker then.
for query in \\
  '{"query":"${register}"}' \\
  '{"query":"${submit}"}'
do
  curl -s ${url}/graphql -H "authorization: Bearer $SIGNALBOX_TOKEN" \\
    -H 'content-type: application/json' -d "$query"
done`,
    python: `# pip install requests. Defines a job and submits a task of it; it waits for a worker then.
import os, requests

def ask(query, **variables):
    answer = requests.post(
        "${url}/graphql",
        headers={"authorization": f"Bearer {os.environ['SIGNALBOX_TOKEN']}"},
        json={"query": query, "variables": variables},
    )
    return answer.json()

print(ask(
    "mutation($i: RegisterJobInput!) { registerJob(input: $i) { __typename } }",
    i={"room": "${room}", "category": "general", "name": "greet"},
))
print(ask(
    "mutation($i: SubmitTaskInput!) { submitTask(input: $i) { __typename } }",
    i={"room": "${room}", "job": "${room}:general:greet", "payload": {"name": "Ada"}},
))`,
  };
}
