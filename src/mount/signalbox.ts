/** `signalbox-server`: the server within an application, on the application's HTTP server or without any. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, pino } from 'pino';
import { buildApp, type OpenedServer } from '../app/app.ts';
import { type Client, createClientOver } from '../client/client.ts';
import { silentLogger } from '../client/logger.ts';
import { createWorkerOver, type Worker, type WorkerOptions } from '../client/worker/worker.ts';
import type { Identify } from '../server/auth/authenticate.ts';
import { WITHOUT_SECRETS } from '../server/logging.ts';
import type { Handler, UpgradingServer } from './http-server.ts';
import { type Identity, viewerOfIdentity } from './identity.ts';
import { createLocalConnection } from './local-connection.ts';
import { checkedPath, mountHandler, mountUpgrades } from './mounted-path.ts';
import { type OwnOperation, toMaintenanceOperation } from './operations.ts';
import { configOf, type SettingsOptions } from './settings.ts';

export interface SignalboxOptions extends SettingsOptions {
  /** Path of the application's server below which everything is: `/signalbox`. Left out: the root. */
  path?: string | undefined;
  /**
   * Says who a request is from, by a cookie or a header of the application; of sockets it gets the request by which they
   * were opened. Null or undefined leaves it to tokens: API keys, JSON Web Tokens and the admin token of the settings.
   * @param token the bearer token of the request, or of the client that opened the socket
   */
  identify?(
    request: IncomingMessage,
    token: string | undefined,
  ): Identity | null | undefined | Promise<Identity | null | undefined>;
  /** Operations beside the server's own, see `defineOperation`. */
  operations?: readonly OwnOperation[] | undefined;
  /** Left out: JSON to stdout, as much as LOG_LEVEL of the settings says. */
  logger?: Logger | undefined;
}

/** A server within an application. */
export interface Signalbox {
  /** Answers requests below the path: for node:http, and as middleware of Express and others. */
  readonly handler: Handler;
  /** Takes the WebSockets below the path from an HTTP server; returns the function that ends it. */
  attach(server: UpgradingServer): () => void;
  /** A client within the process, with the rights of the identity; closed with the server. */
  client(identity: Identity): Client;
  /** A worker within the process, stopped with the server. */
  worker(identity: Identity, options: Omit<WorkerOptions, 'url' | 'token' | 'webSocketImpl'>): Worker;
  /**
   * Opens and migrates the database. Until then requests are answered 503, and clients of the process wait.
   * @throws with a sentence for whoever starts it when database or Redis cannot be used
   */
  start(): Promise<void>;
  /** Stops workers, ends streams and sockets, lets requests finish, closes everything. */
  stop(): Promise<void>;
}

/** How long requests under way are waited for. */
const STOP_GRACE_MS = 5_000;

/** Puts a server together; nothing is opened before it is started. @throws ConfigError or TypeError for wrong options */
export function createSignalbox(options: SignalboxOptions = {}): Signalbox {
  const path = checkedPath(options.path ?? '');
  const config = configOf(options);
  const logger = options.logger ?? pino({ level: config.logLevel, base: null, ...WITHOUT_SECRETS });
  const app = buildApp(config, {
    logger,
    identify: options.identify && identifyBy(options.identify),
    operations: (options.operations ?? []).map(toMaintenanceOperation),
    path,
  });
  const opened = createGate<OpenedServer>();
  const underWay = createUnderWay();
  const closing: (() => unknown)[] = [];
  const ready = () => opened.value?.requests;

  function connect(identity: Identity) {
    const viewer = viewerOfIdentity(identity);
    return createLocalConnection({
      viewer,
      calls: async () => (await opened.wait()).local,
      logger: silentLogger,
    });
  }

  return {
    handler: mountHandler(path, ready, underWay.add),
    attach(server) {
      const detach = mountUpgrades(path, ready, server);
      closing.push(detach);
      return detach;
    },
    client(identity) {
      const client = createClientOver(connect(identity));
      closing.push(client.close);
      return client;
    },
    worker(identity, working) {
      const worker = createWorkerOver(() => connect(identity), working);
      closing.push(worker.stop);
      return worker;
    },
    async start() {
      opened.open(await app.open());
    },
    async stop() {
      for (const close of closing.splice(0).reverse()) await close();
      const { value } = opened;
      opened.close(new Error('The server was stopped.'));
      await value?.requests.close();
      await underWay.done(STOP_GRACE_MS);
      await app.stop();
    },
  };
}

function identifyBy(identify: NonNullable<SignalboxOptions['identify']>): Identify {
  return async (request, token) => {
    const identity = await identify(request, token);
    return identity ? viewerOfIdentity(identity) : null;
  };
}

/** What is there from the start to the stop, and waited for before. */
function createGate<T>() {
  let open = (_value: T) => {};
  let fail = (_error: Error) => {};
  let closed: Error | undefined;
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  opened.catch(() => {});
  const gate = {
    value: undefined as T | undefined,
    async wait(): Promise<T> {
      if (closed) throw closed;
      return gate.value ?? opened;
    },
    open(value: T) {
      gate.value = value;
      open(value);
    },
    close(error: Error) {
      closed = error;
      gate.value = undefined;
      fail(error);
    },
  };
  return gate;
}

/** Answers that have not ended. */
function createUnderWay() {
  const responses = new Set<ServerResponse>();
  let whenNone = () => {};
  return {
    add(response: ServerResponse) {
      if (response.closed) return;
      responses.add(response);
      response.once('close', () => {
        responses.delete(response);
        if (responses.size === 0) whenNone();
      });
    },
    async done(graceMs: number) {
      if (responses.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        whenNone = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
      for (const response of responses) response.destroy();
    },
  };
}
