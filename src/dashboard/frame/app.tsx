import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queryClient } from '../api/read.ts';
import { Loading } from '../design/note.tsx';
import { rightsOf, useSession } from '../session/session.ts';
import { SignInPage } from '../session/sign-in.tsx';
import { checkToken } from '../session/sign-in-actions.ts';
import { router } from './router.tsx';

export function DashboardApp() {
  const session = useSession();
  const unchecked = session.state === 'checking' ? session.token : undefined;
  useEffect(() => {
    if (unchecked !== undefined) void checkToken(unchecked);
  }, [unchecked]);
  if (session.state === 'checking') return <Loading what="who you are" />;
  if (session.state === 'signed out') return <SignInPage />;
  // Another identity, or other rights: nothing that is on the page may stay, not even what parts of it remember.
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider key={rightsOf(session.viewer)} router={router} />
    </QueryClientProvider>
  );
}
