/** Where the SDK tells what it does; `console` fits. */
export interface Logger {
  debug(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

const nothing = () => {};

/** Says nothing: the client's default, since whatever matters also rejects. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Warnings and errors to the console: the worker's default, since nobody awaits what it does. */
export const consoleLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: (message, details) => (details ? console.warn(message, details) : console.warn(message)),
  error: (message, details) => (details ? console.error(message, details) : console.error(message)),
};
