/** The query part of an address: flat text by name, readable as it stands: `?status=RUNNING,PENDING&label.album=summer`. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Search): string {
  const parts = Object.entries(search)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** As encodeURIComponent, but what is harmless in a query stays readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|40|2F)/gi, (code) => decodeURIComponent(code));
}

export function useSearchText(): Search {
  return useSearch({ strict: false }) as Search;
}

/** Changes some of the names; undefined takes one away. */
export function useChangeSearch(): (changes: Search, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback(
    (changes, { replace = true } = {}) =>
      void navigate({ to: '.', search: ((now: Search) => ({ ...now, ...changes })) as never, replace }),
    [navigate],
  );
}

/** The room of the page; undefined: all rooms. */
export function useRoom(): string | undefined {
  return useSearchText()['room'] || undefined;
}
