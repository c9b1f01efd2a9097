/**
 * Options of suites that kill processes and start them again: on CI their tests may fail once, since a busy machine can take
 * longer for it than any test waits. The closing line of `npm test` counts them. No other suite has a second chance.
 */
export const SECOND_CHANCE = { retry: process.env['CI'] ? 1 : 0 };
