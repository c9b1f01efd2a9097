/** What comes and goes in a round of the soak test. */
export const TASKS = 60;
export const WATCHERS = 30;
/** The one that is watched all the time. */
export const KEPT_ROOM = 'kept';
