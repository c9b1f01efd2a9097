/** What is read once: no interval and no reading on focus. Streams report what changes, and then invalidate. */
import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { isTemporary } from '../../client/connection/temporary.ts';
import { request } from './connection.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: 0,
      gcTime: 60_000,
      retry: (failures, error) => failures < 2 && isTemporary(error),
    },
  },
});

export interface Read<TData> {
  data: TData | undefined;
  error: unknown;
  loading: boolean;
  again(): void;
}

/** Reads a document. `key` names what is read; the variables are part of it. */
export function useRead<TData, TVariables>(
  key: string,
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  { enabled = true, keep = false }: { enabled?: boolean; keep?: boolean } = {},
): Read<TData> {
  const { data, error, isPending, refetch } = useQuery<TData>({
    queryKey: [key, variables],
    queryFn: ({ signal }) => request(document, variables, signal),
    enabled,
    // While the next page or filter is read, the last one stays.
    ...(keep && { placeholderData: keepPreviousData as never }),
  });
  return {
    data,
    error: error ?? undefined,
    loading: isPending && enabled,
    again: () => void refetch(),
  };
}

/** Reads everything of this key anew, where it is on the page. */
export function reread(key: string): void {
  void queryClient.invalidateQueries({ queryKey: [key] });
}
