import type { DashboardJobQuery } from '../../generated/graphql.ts';

/** The job that the page shows. */
export type JobDetails = NonNullable<DashboardJobQuery['job']>;
