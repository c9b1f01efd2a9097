import { graphql } from '../generated/gql.ts';
import type { BulkPlanRowFragment, BulkRunRowFragment } from '../generated/graphql.ts';

export type BulkPlan = BulkPlanRowFragment;
export type BulkRun = BulkRunRowFragment;

graphql(`
  fragment BulkPlanRow on BulkPlan {
    id
    action
    matching
    atLeast
    permitted
    byStatus {
      status
      count
    }
    sample {
      id
      status
      job {
        fullName
      }
      error {
        code
        message
      }
    }
    expiresAt
  }
`);

graphql(`
  fragment BulkRunRow on BulkRun {
    id
    status
    done
    refused
    startedBy
    startedAt
    finishedAt
    plan {
      action
      matching
      permitted
    }
  }
`);

export const PlanBulkDocument = graphql(`
  mutation DashboardPlanBulk($input: PlanBulkInput!) {
    planBulk(input: $input) {
      __typename
      ... on PlanBulkSuccess {
        plan {
          ...BulkPlanRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const ApplyBulkDocument = graphql(`
  mutation DashboardApplyBulk($input: ApplyBulkInput!) {
    applyBulk(input: $input) {
      __typename
      ... on BulkRunSuccess {
        run {
          ...BulkRunRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const StopBulkDocument = graphql(`
  mutation DashboardStopBulk($input: StopBulkInput!) {
    stopBulk(input: $input) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const BulkRunStreamDocument = graphql(`
  subscription BulkRunStream($runId: ID!) {
    bulkRunEvents(runId: $runId) {
      ...BulkRunRow
    }
  }
`);
