/** The client that the hooks below it use. */

import { createContext, createElement, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Client } from '../client.ts';
import type { ConnectionStatus } from '../connection/status.ts';

const ClientContext = createContext<Client | undefined>(undefined);

/**
 * Gives a client to the hooks below. Make it once, outside of components: it connects when the first hook asks for something,
 * which on a server none does.
 */
export function SignalboxProvider({ client, children }: { client: Client; children?: ReactNode }) {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the provider above. */
export function useSignalbox(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('There is no <SignalboxProvider client={…}> above this component.');
  return client;
}

const IDLE: ConnectionStatus = { state: 'idle' };
const onServer = () => IDLE;

/** How the streams of the page do: for a light in its corner. */
export function useConnectionStatus(): ConnectionStatus {
  const client = useSignalbox();
  return useSyncExternalStore(client.onStatus, () => client.status, onServer);
}
