/**
 * Trusted documents: a server that was given a list of operations takes these and nothing else, so that a stolen token
 * can ask no more than the applications do. An operation is sent as it stands in the list, or by its id there.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type DocumentNode, GraphQLError, type ParseOptions, print, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { z } from 'zod';
import { errorMessage } from '../../domain/thrown.ts';
import { parseWithinLimits } from '../limits/document-limits.ts';

/** The list cannot be used, in one sentence. */
export class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
}

/** What a request may say of its document. */
export interface DocumentParams {
  query?: string | null;
  documentId?: unknown;
  extensions?: { persistedQuery?: { sha256Hash?: unknown } } | null;
}

export interface Documents {
  /**
   * The text of the document that a request asks for.
   * @throws GraphQLError with code DOCUMENT_NOT_TRUSTED when it names one that is not in the list
   */
  textOf(params: DocumentParams): string | undefined;
  /** @throws GraphQLError when the document is too large, is none, or is not trusted */
  parse(source: string | Source, options?: ParseOptions): DocumentNode;
}

/** Any document that keeps to the limits. */
export const ANY_DOCUMENTS: Documents = {
  textOf: ({ query }) => query ?? undefined,
  parse: parseWithinLimits,
};

/**
 * Reads lists as GraphQL Code Generator writes them, texts by id, or as Apollo does.
 * @throws DocumentsUnavailable when a file cannot be read, is no such list, or has a document that could never run
 */
export function readTrustedDocuments(paths: readonly string[]): Documents {
  const byId = new Map<string, string>();
  const trusted = new Set<string>();
  for (const path of paths) {
    for (const [id, text] of readManifest(path)) {
      byId.set(id, text).set(sha256(text), text);
      trusted.add(canonical(parseEntry(path, id, text)));
    }
  }
  return {
    textOf({ query, documentId, extensions }) {
      const id = documentId ?? extensions?.persistedQuery?.sha256Hash;
      if (query || id === undefined || id === null) return query ?? undefined;
      // Of whatever type it comes: nothing else is an id, and not everything has a text.
      const text = typeof id === 'string' ? byId.get(id) : undefined;
      if (text === undefined) throw notTrusted();
      return text;
    },
    parse(source, options) {
      const document = parseWithinLimits(source, options);
      if (trusted.has(canonical(document))) return document;
      throw notTrusted();
    },
  };
}

/** Takes documents as the settings say: everywhere, since every transport parses in the one pipeline. */
export function useDocuments({ textOf, parse }: Documents): Plugin {
  return {
    onParams({ params, setParams }) {
      const { documentId: _, query: sent, ...others } = params as typeof params & DocumentParams;
      const query = textOf(params);
      if (query !== sent) setParams({ ...others, ...(query !== undefined && { query }) });
    },
    onParse({ setParseFn }) {
      setParseFn(parse);
    },
  };
}

const manifest = z.union([
  z.object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

function readManifest(path: string): [id: string, text: string][] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = errorMessage(error);
    throw new DocumentsUnavailable(`SIGNALBOX_TRUSTED_DOCUMENTS: ${path} cannot be read: ${why}`);
  }
  const { success, data } = manifest.safeParse(content);
  if (!success) {
    const expected = 'expected a JSON object with the texts of documents by their ids';
    throw new DocumentsUnavailable(
      `SIGNALBOX_TRUSTED_DOCUMENTS: ${path} is no list of documents: ${expected}`,
    );
  }
  const { operations } = data;
  return Array.isArray(operations)
    ? operations.map(({ id, body }) => [id, body])
    : Object.entries(data as never);
}

function parseEntry(path: string, id: string, text: string): DocumentNode {
  try {
    return parseWithinLimits(text);
  } catch (error) {
    const why = errorMessage(error);
    throw new DocumentsUnavailable(`SIGNALBOX_TRUSTED_DOCUMENTS: ${id} in ${path} could never run: ${why}`);
  }
}

/** The same for documents that differ in white space, comments, or the order of what they define. */
function canonical({ definitions }: DocumentNode): string {
  return definitions.map(print).sort().join('\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function notTrusted(): GraphQLError {
  const message =
    'This server takes only the operations that it was given. Add this one to a list of SIGNALBOX_TRUSTED_DOCUMENTS.';
  return new GraphQLError(message, {
    extensions: { code: 'DOCUMENT_NOT_TRUSTED', http: { spec: true, status: 400 } },
  });
}
