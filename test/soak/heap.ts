/** What lives in a process, asked through its inspector. The process runs with `--inspect=127.0.0.1:0`. */
import { WebSocket } from 'ws';

/** How many objects there are by the name of their constructor, and how many functions by theirs: `Room`, `send()`. */
export type Census = Map<string, number>;

export interface Heap {
  /** Counts what is still reachable, after a collection. */
  census(): Promise<Census>;
  close(): void;
}

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
  nodes: number[];
  strings: string[];
}

interface Message {
  id?: number;
  method?: string;
  params?: { chunk: string };
}

/** @param said what the process says to stderr, so far; asked again until it has named its inspector */
export async function openHeap(said: () => Promise<string>): Promise<Heap> {
  let address: string | undefined;
  while (!address) address = /ws:\/\/\S+/.exec(await said())?.[0];
  const socket = new WebSocket(address, { maxPayload: 0 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let calls = 0;

  /** Gives the chunks that came before the answer. */
  function call(method: string, params = {}): Promise<string[]> {
    const id = ++calls;
    const chunks: string[] = [];
    return new Promise((resolve, reject) => {
      const hear = (data: Buffer) => {
        const message = JSON.parse(String(data)) as Message;
        if (message.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(message.params?.chunk ?? '');
        if (message.id !== id) return;
        socket.off('message', hear);
        resolve(chunks);
      };
      socket.on('message', hear);
      socket.once('close', () => reject(new Error('The process has ended.')));
      socket.send(JSON.stringify({ id, method, params }));
    });
  }

  return {
    async census() {
      // Twice: what finalizers let go of is collected by the second.
      for (let time = 0; time < 2; time++) await call('HeapProfiler.collectGarbage');
      const chunks = await call('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
      return countNodes(JSON.parse(chunks.join('')));
    },
    close: () => socket.close(),
  };
}

function countNodes({ snapshot, nodes, strings }: Snapshot): Census {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt] = [fields.indexOf('type'), fields.indexOf('name')];
  const [object, closure] = [types[0].indexOf('object'), types[0].indexOf('closure')];
  const census: Census = new Map();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = nodes[node + typeAt];
    if (type !== object && type !== closure) continue;
    const name = strings[nodes[node + nameAt] as number] as string;
    const key = type === closure ? `${name}()` : name;
    census.set(key, (census.get(key) ?? 0) + 1);
  }
  return census;
}
