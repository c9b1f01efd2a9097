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

/** The counts, and the two points of the series that move: the one under way, and the one before as it has ended. */
export const PointsStreamDocument = graphql(`
  subscription PointsStream($room: String, $job: String, $interval: StatisticInterval!) {
    statisticsEvents(room: $room, job: $job, interval: $interval) {
      points {
        ...Activity
      }
    }
  }
`);

/** How many tasks match a filter. */
export const FilteredCountsStreamDocument = graphql(`
  subscription FilteredCountsStream($room: String, $filter: TaskFilter) {
    taskCountEvents(room: $room, filter: $filter) {
      total
      atLeast
      byStatus {
        status
        count
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
