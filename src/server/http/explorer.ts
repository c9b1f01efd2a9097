/**
 * The page at `/explorer`: GraphiQL, served from this process alone. It holds no data; the token of the ready link stands
 * behind the `#`, which browsers do not send, and goes into the headers of what the page asks.
 */
import { type ProtectedPage, toPage } from './security-headers.ts';

export const EXPLORER_PATH = '/explorer';

const HEADERS_PLACEHOLDER = '__signalbox_headers__';
const QUERY_PLACEHOLDER = '__signalbox_query__';

const SIGNED_IN = '# Ctrl+Enter runs it. Your token is in the headers below.\n';
const WITHOUT_TOKEN = `# This page has no token yet. Open "Headers" below and put yours in the place of YOUR-TOKEN,
# then press "Re-fetch GraphQL schema" at the bottom left. Or open this page as /explorer#token=…
`;

const EXAMPLE = `query Overview {
  viewer { id role rooms }
  jobs(room: "@global") { nodes { fullName workerCount } }
  tasks(first: 10) { nodes { id status job { fullName } progress createdAt } }
}

subscription Watch {
  roomEvents(room: "demo") {
    __typename
    ... on TaskTransitioned { task { id status } transition { version from to reason at } }
    ... on TaskProgressed { task { id } percent message }
  }
}
`;

let page: Promise<ProtectedPage> | undefined;

/** The page; made at its first request, since it carries nine megabytes of editor. */
export function explorerPage(): Promise<ProtectedPage> {
  page ??= renderPage();
  return page;
}

async function renderPage(): Promise<ProtectedPage> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Signalbox',
    endpoint: '/graphql',
    // Evaluated in this order: the second takes the token away from the address.
    defaultQuery: QUERY_PLACEHOLDER,
    headers: HEADERS_PLACEHOLDER,
    shouldPersistHeaders: false,
  } as never);
  const query = `(location.hash.includes('token=')
    ? ${JSON.stringify(SIGNED_IN + EXAMPLE)} : ${JSON.stringify(WITHOUT_TOKEN + EXAMPLE)})`;
  const fromLink = `(() => {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (token) history.replaceState(null, '', location.pathname + location.search);
    return JSON.stringify({ Authorization: 'Bearer ' + (token ?? 'YOUR-TOKEN') }, null, 2);
  })()`;
  return toPage(
    html.replace(`"${QUERY_PLACEHOLDER}"`, () => query).replace(`"${HEADERS_PLACEHOLDER}"`, () => fromLink),
  );
}
