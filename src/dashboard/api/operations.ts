import { graphql } from '../generated/gql.ts';
import type { OperationRunRowFragment, OperationsQuery } from '../generated/graphql.ts';

export type Operation = OperationsQuery['operations'][number];
export type OperationRunRow = OperationRunRowFragment;

graphql(`
  fragment OperationRunRow on OperationRun {
    id
    operation
    room
    status
    stale
    dryRun
    parameters
    metrics
    error
    warnings
    triggeredBy
    correlationId
    startedAt
    updatedAt
    finishedAt
  }
`);

export const OperationsDocument = graphql(`
  query Operations {
    operations {
      name
      description
      parameters
      metrics
      automaticEverySeconds
    }
  }
`);

export const OperationRunsDocument = graphql(`
  query OperationRuns($filter: OperationRunFilter, $after: String) {
    operationRuns(filter: $filter, first: 30, after: $after) {
      nodes {
        ...OperationRunRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OperationRunDocument = graphql(`
  query DashboardOperationRun($id: ID!) {
    operationRun(id: $id) {
      ...OperationRunRow
    }
  }
`);

export const OperationRunStreamDocument = graphql(`
  subscription OperationRunStream($operation: String, $room: String) {
    operationRunEvents(operation: $operation, room: $room) {
      __typename
      ... on OperationRunsSnapshot {
        runs {
          ...OperationRunRow
        }
      }
      ... on OperationRunChanged {
        run {
          ...OperationRunRow
        }
      }
    }
  }
`);

export const RunOperationDocument = graphql(`
  mutation DashboardRunOperation($input: RunOperationInput!) {
    runOperation(input: $input) {
      __typename
      ... on OperationRunSuccess {
        run {
          ...OperationRunRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
