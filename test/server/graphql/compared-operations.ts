/** Operations of every kind, for comparing the short way of a transport with the long one. */

export const TASKS = 'query Tasks($room: String) { tasks(room: $room) { nodes { id } } }';
const COSTLY = ['a', 'b', 'c'].map(
  (name) => `${name}: tasks(first: 100) { nodes { transitions(first: 100) { nodes { version } } } }`,
);

export const OPERATIONS: Record<string, Record<string, unknown>> = {
  'a query': { query: '{ viewer { id role rooms } }' },
  'a query by name': { query: `${TASKS} query Other { viewer { id } }`, operationName: 'Other' },
  'a mutation': {
    query: 'mutation ($id: ID!) { cancelTask(input: { taskId: $id }) { __typename } }',
    variables: { id: 'x' },
  },
  'text beyond ASCII': { query: '{ job(fullName: "@global:general:größe 🎉") { id } }' },
  'an operation that is not there': { query: '{ viewer { id } }', operationName: 'Missing' },
  'several operations and no name': { query: 'query A { viewer { id } } query B { viewer { id } }' },
  'a document that is not valid': { query: '{ viewer { secret } }' },
  'a query that costs too much': { query: `{ ${COSTLY.join(' ')} }` },
  'a variable of a wrong type': { query: TASKS, variables: { room: 1 } },
  'a variable that is missing': { query: 'query ($id: ID!) { task(id: $id) { id } }' },
  'a page that is too large': { query: '{ tasks(first: 1000000) { nodes { id } } }' },
  'a refusal': { query: TASKS, variables: { room: 'a:b' } },
  'a parameter that is not known': { query: '{ viewer { id } }', more: 1 },
};
