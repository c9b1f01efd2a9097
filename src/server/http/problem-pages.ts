/** The pages at /problems: what a refusal means, and what to do. As HTML for people, as JSON for who asks for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EXPLANATIONS } from '../../domain/explanations.ts';
import { sendError, sendJson } from './respond.ts';
import { type ProtectedPage, sendPage, toPage } from './security-headers.ts';

export const PROBLEMS_PATH = '/problems';

const pages = new Map<string, ProtectedPage>();

/** @param path below PROBLEMS_PATH: empty, or a slash and the name of a problem */
export async function serveProblems(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const name = path.slice(1);
  const explanation = EXPLANATIONS.get(name);
  response.setHeader('vary', 'Accept');
  if (name !== '' && !explanation) {
    sendError(response, 404, `There is no such problem. ${PROBLEMS_PATH} lists them all.`, 'NOT_FOUND');
  } else if (wantsJson(request)) {
    sendJson(
      response,
      200,
      explanation ? explanationEntry(name) : { problems: [...EXPLANATIONS.keys()].map(explanationEntry) },
    );
  } else {
    let page = pages.get(name);
    if (!page) {
      page = toPage(explanation ? renderOne(name) : renderList());
      pages.set(name, page);
    }
    await sendPage(request, response, page);
  }
}

function wantsJson({ headers: { accept = '' } }: IncomingMessage): boolean {
  return /application\/(problem\+)?json/.test(accept) && !accept.includes('text/html');
}

function explanationEntry(name: string) {
  const { title, status, code, meaning, wayOut } = explanationOf(name);
  return { type: `${PROBLEMS_PATH}/${name}`, title, status, code, meaning, wayOut };
}

function renderOne(name: string): string {
  const { title, status, code, meaning, wayOut } = explanationOf(name);
  return document(
    title,
    `<p><a href="${PROBLEMS_PATH}">All problems</a></p>
    <h1>${escapeHtml(title)}</h1>
    <p><code>${code}</code> · ${status}</p>
    <h2>What it means</h2><p>${escapeHtml(meaning)}</p>
    <h2>What to do</h2><p>${escapeHtml(wayOut)}</p>`,
  );
}

function renderList(): string {
  const items = [...EXPLANATIONS].map(
    ([name, { title, meaning }]) =>
      `<dt><a href="${PROBLEMS_PATH}/${name}">${escapeHtml(title)}</a></dt><dd>${escapeHtml(meaning)}</dd>`,
  );
  return document('Problems', `<h1>Problems</h1><dl>${items.join('\n')}</dl>`);
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escapeHtml(title)} – Signalbox</title>
    <style>
      :root { color-scheme: light dark }
      body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
      h2 { font-size: 1rem; margin-bottom: 0 } h2 + p { margin-top: 0 }
      dt { margin-top: 1rem; font-weight: 600 } dd { margin: 0 }
    </style>
  </head>
  <body>
    ${body}
  </body>
</html>
`;
}

function explanationOf(name: string) {
  const explanation = EXPLANATIONS.get(name);
  if (!explanation) throw new Error(`${name} is not explained`);
  return explanation;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
