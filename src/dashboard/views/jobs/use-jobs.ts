/** Jobs as they come, change and go: those of a room, or one by its name. */
import { type JobRow, JobStreamDocument } from '../../api/jobs.ts';
import type { JobStreamSubscription, JobStreamSubscriptionVariables } from '../../generated/graphql.ts';
import { type Snapshot, useSnapshot } from '../../live/use-snapshot.ts';

interface Which {
  room?: string | undefined;
  fullName?: string | undefined;
}

export function useJobs({ room, fullName }: Which, enabled = true): Snapshot<JobRow> {
  return useSnapshot<JobRow, JobStreamSubscription, JobStreamSubscriptionVariables>(
    {
      document: JobStreamDocument,
      variables: { room, fullName },
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
