/** What callers may know of the server that answers; see query.ts. */

/** Days after which things are deleted. */
export interface RetentionDays {
  completed: number;
  failed: number;
  deadLetter: number;
  event: number;
}

/** Settings of the server that callers may know. */
export interface ServerFacts {
  version: string;
  /** Whether the database is PGlite in the process. */
  isEmbedded: boolean;
  spreading: 'REDIS' | 'POSTGRESQL' | 'PROCESS';
  retentionDays: RetentionDays;
  workerTimeoutSeconds: number;
  /** Whether the dashboard is there without anything that changes something. */
  dashboardIsReadOnly: boolean;
}
