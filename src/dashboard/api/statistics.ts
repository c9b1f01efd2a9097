import { graphql } from '../generated/gql.ts';

graphql(`
  fragment Activity on TaskActivity {
    at
    submitted
    completed
    partial
    failed
    cancelled
    attemptsFailed
    failureRate
    throughput
    wait {
      p50
      p95
      p99
    }
    run {
      p50
      p95
      p99
    }
  }
`);

export const CountsStreamDocument = graphql(`
  subscription CountsStream($room: String, $job: String) {
    statisticsEvents(room: $room, job: $job) {
      counts {
        total
        queueDepth
        byStatus {
          status
          count
        }
      }
    }
  }
`);

export const StatisticsDocument = graphql(`
  query DashboardStatistics($room: String, $job: String, $window: StatisticsWindow!) {
    statistics(room: $room, job: $job, window: $window) {
      oldestPendingSince
      window {
        ...Activity
      }
      series {
        ...Activity
      }
    }
  }
`);
