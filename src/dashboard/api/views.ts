import { graphql } from '../generated/gql.ts';
import type { SavedViewRowFragment } from '../generated/graphql.ts';

export type SavedView = SavedViewRowFragment;

graphql(`
  fragment SavedViewRow on SavedView {
    id
    name
    path
    search
    shared
    owner
    room
    viewerCanEdit
  }
`);

export const SavedViewsDocument = graphql(`
  query DashboardSavedViews {
    savedViews {
      ...SavedViewRow
    }
  }
`);

export const SaveViewDocument = graphql(`
  mutation DashboardSaveView($input: SaveViewInput!) {
    saveView(input: $input) {
      __typename
      ... on SaveViewSuccess {
        view {
          ...SavedViewRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const DeleteViewDocument = graphql(`
  mutation DashboardDeleteView($id: ID!) {
    deleteView(input: { id: $id }) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
