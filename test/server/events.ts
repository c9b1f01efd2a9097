/** GraphQL over Server-Sent Events, read by hand. */

export interface EventSource {
  status: number;
  headers: Headers;
  /** The next event that is no comment; undefined at the end of the stream. Rejects when it is cut. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  next(): Promise<{ event: string; data: any } | undefined>;
  /** Disconnects. */
  close(): void;
}

export interface Operation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** Asks for a stream. The answer may be none, when it is refused: then the only event is the body. */
export async function openEvents(
  url: string,
  token: string,
  operation: Operation,
  headers: Record<string, string> = {},
): Promise<EventSource> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    body: JSON.stringify(operation),
    signal: abort.signal,
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const blocks = isStream ? readBlocks(response) : readBody(response);
  return {
    status: response.status,
    headers: response.headers,
    next: async () => (await blocks.next()).value ?? undefined,
    close: () => abort.abort(),
  };
}

async function* readBody(response: Response) {
  yield { event: 'body', data: await response.json() };
}

async function* readBlocks(response: Response) {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => splitField(line)));
      const data = fields.get('data');
      if (fields.has('event'))
        yield { event: fields.get('event') ?? '', data: data ? JSON.parse(data) : null };
    }
  }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
