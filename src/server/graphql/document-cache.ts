/**
 * Documents that are kept parsed and validated, bounded by their size. Only valid ones are: an error keeps alive all
 * that was at work when it was made, its request included, many times the size of its document. What was refused is
 * looked at again when it comes again.
 */
import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/** Bytes of the documents that are kept, at most. */
const MAX_KEPT_BYTES = 33_554_432;
// The nodes and places of a token, and what execution keeps for them, take much more memory than its text.
const BYTES_OF_TOKEN = 512;

/** Valid documents by their text. */
export type DocumentCache = Pick<LRUCache<string, DocumentNode>, 'get' | 'peek' | 'set'>;

export function createDocumentCache(): DocumentCache {
  return new LRUCache<string, DocumentNode>({
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: ({ tokenCount = 1 }: DocumentNode & { tokenCount?: number | undefined }, text) =>
      text.length + BYTES_OF_TOKEN * tokenCount,
  });
}

/** Rules must be the same for every request: what was valid once stays so. */
export function useDocumentCache(valid: DocumentCache): Plugin {
  return {
    onParse({ params: { source }, setParsedDocument }) {
      const known = valid.get(typeof source === 'string' ? source : source.body);
      if (known) setParsedDocument(known);
    },
    onValidate({ params: { documentAST: document }, setResult }) {
      const text = document.loc?.source.body;
      if (text === undefined) return;
      if (valid.peek(text) === document) return setResult([]);
      return ({ valid: isValid }) => {
        if (isValid) valid.set(text, document);
      };
    },
  };
}
