/** Where the SDK logs to; `console` fits. */
export interface Logger {
  debug(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

const nothing = () => {};

/** Says nothing: the client's default, since whatever matters also rejects. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const toConsole =
  (level: 'info' | 'warn' | 'error'): Logger['info'] =>
  (message, details) =>
    details ? console[level](message, details) : console[level](message);

/**
 * To the console, all but what is for debugging: the worker's default, since nobody awaits what it does. `console` itself
 * says that, too.
 */
export const consoleLogger: Logger = {
  debug: nothing,
  info: toConsole('info'),
  warn: toConsole('warn'),
  error: toConsole('error'),
};

/** The logger of an option that may turn it off. */
export function loggerOf(option: Logger | false | undefined, otherwise: Logger): Logger {
  return option === false ? silentLogger : (option ?? otherwise);
}
