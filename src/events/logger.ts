/** What this layer logs with; a pino logger fits. Details first, then the message. */
export interface ServerLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

function ignore(): void {}

/** Says nothing. */
export const silentServerLogger: ServerLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
