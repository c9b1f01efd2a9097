/** The jobs of a room as they come, change and go. */
import { type JobRow, JobStreamDocument } from '../../api/jobs.ts';
import type { JobStreamSubscription, JobStreamSubscriptionVariables } from '../../generated/graphql.ts';
import { type Snapshot, useSnapshot } from '../../live/use-snapshot.ts';

export function useJobs(room: string | undefined, enabled = true): Snapshot<JobRow> {
  return useSnapshot<JobRow, JobStreamSubscription, JobStreamSubscriptionVariables>(
    {
      document: JobStreamDocument,
      variables: { room },
      take({ jobEvents: event }) {
        switch (event.__typename) {
          case 'JobsSnapshot':
            return { all: event.jobs };
          case 'JobChanged':
            return { changed: event.job };
          case 'JobGone':
            return { gone: event.jobId };
        }
      },
    },
    enabled,
  );
}
