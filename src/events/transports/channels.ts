/**
 * Reference-counted channels over an upstream with one subscription per channel.
 *
 *   off ──subscribe──▶ on        A channel is wanted while it has listeners. One operation per channel is in
 *    ▲                  │        flight at a time; when it ends, the next one is chosen by what is wanted then,
 *    └───unsubscribe────┘        so an unsubscription and a subscription that cross cannot end in the wrong state.
 *
 * A lost connection turns every channel off at once; whatever was in flight then is void (its epoch is over).
 */
import type { ServerLogger } from '../logger.ts';
import type { Unsubscribe } from './transport.ts';

/** What an adapter must be able to do; sharded pub/sub fits as well. Both resolve with the acknowledgement. */
export interface Upstream {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
}

type Listener = (message: string) => void;

interface Waiter {
  listener: Listener;
  resolve(): void;
  reject(error: Error): void;
}

interface Channel {
  listeners: Set<Listener>;
  waiters: Set<Waiter>;
  on: boolean;
  busy: boolean;
}

export class Channels {
  readonly #upstream: Upstream;
  readonly #logger: ServerLogger;
  readonly #channels = new Map<string, Channel>();
  #connected: boolean;
  #epoch = 0;
  #closed = false;

  constructor(upstream: Upstream, logger: ServerLogger, connected = true) {
    this.#upstream = upstream;
    this.#logger = logger;
    this.#connected = connected;
  }

  get size(): number {
    return this.#channels.size;
  }

  /** How many listen on a channel, acknowledged or not. */
  listeners(name: string): number {
    return this.#channels.get(name)?.listeners.size ?? 0;
  }

  /** Adds a listener; resolves when the upstream has acknowledged the channel's subscription. See Transport. */
  async subscribe(name: string, onMessage: Listener, signal?: AbortSignal): Promise<Unsubscribe> {
    if (this.#closed) throw new Error('The transport is closed');
    // A function of its own per call: one function may listen twice, and each unsubscribes for itself.
    const listener: Listener = (message) => onMessage(message);
    const channel = this.#channels.get(name) ?? this.#create(name);
    const release = async () => {
      if (channel.listeners.delete(listener)) await this.#reconcile(name, channel);
    };
    channel.listeners.add(listener);
    if (!channel.on || channel.busy) {
      await new Promise<void>((resolve, reject) => {
        const waiter = { listener, resolve, reject };
        channel.waiters.add(waiter);
        onAbort(signal, () => {
          channel.waiters.delete(waiter);
          resolve();
        });
        void this.#reconcile(name, channel);
      });
    }
    onAbort(signal, () => void release());
    return release;
  }

  /** Hands a message to the channel's listeners. One that throws is logged and hinders no other. */
  deliver(name: string, message: string): void {
    for (const listener of this.#channels.get(name)?.listeners ?? []) {
      try {
        listener(message);
      } catch (error) {
        this.#logger.error({ err: error, channel: name }, 'A listener of the transport failed');
      }
    }
  }

  /** The connection is gone, and with it every subscription. */
  disconnected(): void {
    this.#connected = false;
    this.#epoch++;
    for (const channel of this.#channels.values()) {
      channel.on = false;
      channel.busy = false;
    }
    for (const [name, channel] of this.#channels) this.#forgetUnwanted(name, channel);
  }

  /**
   * There is a (new) connection: subscribes to everything that is wanted. Resolves with whether all of it was
   * acknowledged; not when the connection is lost again meanwhile, or the upstream refuses a channel.
   */
  async connected(): Promise<boolean> {
    this.#connected = true;
    const epoch = this.#epoch;
    const wanted = [...this.#channels];
    await Promise.all(wanted.map(([name, channel]) => this.#reconcile(name, channel)));
    if (epoch !== this.#epoch) return false;
    // One that is busy is on its way for a newer reason, and is waited for by whoever gave it.
    return wanted.every(([, channel]) => channel.on || channel.busy || channel.listeners.size === 0);
  }

  /** Forgets all listeners and rejects who still waits. */
  close(): void {
    this.#closed = true;
    this.#connected = false;
    this.#epoch++;
    for (const channel of this.#channels.values()) {
      channel.listeners.clear();
      settle(channel, (waiter) => waiter.reject(new Error('The transport is closed')));
    }
    this.#channels.clear();
  }

  #create(name: string): Channel {
    const channel: Channel = { listeners: new Set(), waiters: new Set(), on: false, busy: false };
    this.#channels.set(name, channel);
    return channel;
  }

  async #reconcile(name: string, channel: Channel): Promise<void> {
    const epoch = this.#epoch;
    while (!channel.busy && this.#connected && channel.on !== channel.listeners.size > 0) {
      channel.busy = true;
      const subscribing = !channel.on;
      const failure = await this.#perform(name, subscribing);
      if (epoch !== this.#epoch) return; // the connection went away: `connected` starts over
      channel.busy = false;
      if (failure && subscribing) {
        this.#refuse(name, channel, failure);
        return;
      }
      channel.on = subscribing;
    }
    if (channel.busy) return;
    if (channel.on) settle(channel, (waiter) => waiter.resolve());
    this.#forgetUnwanted(name, channel);
  }

  async #perform(name: string, subscribing: boolean): Promise<Error | undefined> {
    try {
      await (subscribing ? this.#upstream.subscribe(name) : this.#upstream.unsubscribe(name));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  // Who waits hears of it and is forgotten; who listened before the connection was lost stays for the next attempt.
  #refuse(name: string, channel: Channel, error: Error): void {
    this.#logger.error({ err: error, channel: name }, 'The channel could not be subscribed');
    settle(channel, (waiter) => {
      channel.listeners.delete(waiter.listener);
      waiter.reject(error);
    });
    this.#forgetUnwanted(name, channel);
  }

  #forgetUnwanted(name: string, channel: Channel): void {
    const unwanted = channel.listeners.size === 0 && !channel.on && !channel.busy;
    if (unwanted && this.#channels.get(name) === channel) this.#channels.delete(name);
  }
}

/** Calls at once when the signal is aborted already. */
function onAbort(signal: AbortSignal | undefined, call: () => void): void {
  if (signal?.aborted) call();
  else signal?.addEventListener('abort', call, { once: true });
}

function settle(channel: Channel, how: (waiter: Waiter) => void): void {
  const waiters = [...channel.waiters];
  channel.waiters.clear();
  for (const waiter of waiters) how(waiter);
}
