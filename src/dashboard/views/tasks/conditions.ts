/** What a list of tasks can be filtered by, and what each is called. */

const TIME_EXAMPLES = '12:00, 2h, yesterday, 2026-11-30 09:00';

/** Conditions other than status, room, labels and payload, by their name in the address. */
export const CONDITIONS = [
  { name: 'job', label: 'Job', placeholder: 'room:category:name' },
  { name: 'error', label: 'Error code', placeholder: 'ECONNREFUSED' },
  { name: 'fingerprint', label: 'Same error', placeholder: 'a fingerprint' },
  { name: 'q', label: 'Text', placeholder: 'words of an error, or the beginning of an id' },
  { name: 'by', label: 'Created by', placeholder: 'an identity' },
  { name: 'correlation', label: 'Correlation', placeholder: 'a correlation id' },
  { name: 'entity', label: 'Entity', placeholder: 'type:id, or a type' },
  { name: 'key', label: 'Idempotency key', placeholder: 'a key' },
  { name: 'worker', label: 'Worker', placeholder: 'worker_… that holds it' },
  { name: 'priority', label: 'Priority at least', placeholder: '10' },
  { name: 'from', label: 'Created after', placeholder: TIME_EXAMPLES },
  { name: 'to', label: 'Created before', placeholder: TIME_EXAMPLES },
  { name: 'ended', label: 'Ended after', placeholder: TIME_EXAMPLES },
  { name: 'endedBy', label: 'Ended before', placeholder: TIME_EXAMPLES },
] as const;
