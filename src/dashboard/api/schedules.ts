import { graphql } from '../generated/gql.ts';
import type {
  ScheduleDetailFragment,
  ScheduleRowFragment,
  ScheduleRunRowFragment,
} from '../generated/graphql.ts';

export type ScheduleRow = ScheduleRowFragment;
export type ScheduleRunRow = ScheduleRunRowFragment;
export type ScheduleDetail = ScheduleDetailFragment;

graphql(`
  fragment ScheduleRunRow on ScheduleRun {
    id
    tick
    status
    detail
    triggeredBy
    createdAt
    startedAt
    finishedAt
    task {
      id
    }
    operationRun {
      id
    }
  }
`);

graphql(`
  fragment ScheduleRow on Schedule {
    id
    name
    cron
    timeZone
    overlap
    pausedAt
    nextRunAt
    version
    task {
      room
      job {
        fullName
      }
    }
    operation {
      operation
      room
      dryRun
    }
  }
`);

graphql(`
  fragment ScheduleDetail on Schedule {
    ...ScheduleRow
    catchUpSeconds
    createdBy
    createdAt
    updatedAt
    nextRuns(count: 5)
    task {
      payload
      priority
      labels
      limitKey
    }
    operation {
      parameters
    }
  }
`);

export const SchedulesDocument = graphql(`
  query Schedules($room: String, $after: String) {
    schedules(room: $room, first: 50, after: $after) {
      nodes {
        ...ScheduleRow
        runs(first: 10) {
          nodes {
            ...ScheduleRunRow
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ScheduleDocument = graphql(`
  query DashboardSchedule($id: ID!) {
    schedule(id: $id) {
      ...ScheduleDetail
      runs(first: 50) {
        nodes {
          ...ScheduleRunRow
        }
      }
    }
  }
`);

/** Schedules and their runs as they change; begins with the latest runs of each. */
export const ScheduleStreamDocument = graphql(`
  subscription ScheduleStream($scheduleId: ID, $room: String) {
    scheduleEvents(scheduleId: $scheduleId, room: $room) {
      __typename
      ... on SchedulesSnapshot {
        schedules {
          ...ScheduleRow
        }
        runs {
          id
        }
      }
      ... on ScheduleChanged {
        schedule {
          ...ScheduleRow
        }
      }
      ... on ScheduleRunChanged {
        schedule {
          id
        }
        run {
          ...ScheduleRunRow
        }
      }
      ... on ScheduleGone {
        scheduleId
      }
    }
  }
`);

export const CreateScheduleDocument = graphql(`
  mutation DashboardCreateSchedule($input: CreateScheduleInput!) {
    createSchedule(input: $input) {
      __typename
      ... on ScheduleSuccess {
        schedule {
          id
          name
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const UpdateScheduleDocument = graphql(`
  mutation DashboardUpdateSchedule($input: UpdateScheduleInput!) {
    updateSchedule(input: $input) {
      __typename
      ... on ScheduleSuccess {
        schedule {
          id
          name
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const RunScheduleDocument = graphql(`
  mutation DashboardRunSchedule($id: ID!) {
    runScheduleNow(scheduleId: $id) {
      __typename
      ... on RunScheduleNowSuccess {
        run {
          id
          status
          detail
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const DeleteScheduleDocument = graphql(`
  mutation DashboardDeleteSchedule($id: ID!) {
    deleteSchedule(scheduleId: $id) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
