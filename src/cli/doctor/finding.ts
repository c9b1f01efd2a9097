import { errorMessage } from '../../domain/thrown.ts';

/** What `signalbox doctor` has found of one thing. */
export interface Finding {
  /** What was looked at: `node`, `database`, … */
  about: string;
  /** `warning` does not keep a server from starting, `bad` does. */
  state: 'good' | 'warning' | 'bad';
  /** One sentence; of what is not good, with the way out. */
  says: string;
}

export const good = (about: string, says: string): Finding => ({ about, state: 'good', says });
export const warning = (about: string, says: string): Finding => ({ about, state: 'warning', says });
export const bad = (about: string, says: string): Finding => ({ about, state: 'bad', says });

/** The message of an error, on one line. */
export function oneLineOf(error: unknown): string {
  const message = errorMessage(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}
