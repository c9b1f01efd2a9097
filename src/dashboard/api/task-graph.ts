/** Asks for the graph that a task belongs to. */
import { graphql } from '../generated/gql.ts';
import type { DashboardTaskGraphQuery } from '../generated/graphql.ts';

type ReadGraph = NonNullable<DashboardTaskGraphQuery['taskGraph']>;
export type GraphNode = ReadGraph['nodes'][number];
export type GraphEdge = ReadGraph['edges'][number];

export const TaskGraphDocument = graphql(`
  query DashboardTaskGraph($id: ID!) {
    taskGraph(id: $id) {
      nodes {
        id
        status
        version
        dependencyCount
        job {
          fullName
        }
      }
      edges {
        from
        to
        onFailure
        settled
      }
      truncated
      streamCursor
    }
  }
`);

export const TaskGraphEventsDocument = graphql(`
  subscription DashboardTaskGraphEvents($id: ID!, $after: Cursor) {
    taskGraphEvents(id: $id, after: $after) {
      __typename
      ... on TaskTransitioned {
        cursor
        task {
          id
          status
          version
        }
      }
    }
  }
`);
