/** A link within the dashboard: it keeps the room of the page. */
import { Link as RouterLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import type { Search } from './search.ts';

export interface LinkProps extends Omit<ComponentProps<'a'>, 'href' | 'target'> {
  /** The path. */
  to: string;
  search?: Search | undefined;
  /** The room of the page is not kept. */
  anyRoom?: boolean;
  /** Marks itself as the present page. */
  exact?: boolean;
}

export function Link({ to, search, anyRoom = false, exact, ...others }: LinkProps) {
  return (
    <RouterLink
      to={to as never}
      search={((now: Search) => ({ ...(anyRoom ? {} : { room: now.room }), ...search })) as never}
      activeOptions={{ exact: exact ?? false, includeSearch: exact === undefined }}
      {...others}
    />
  );
}
