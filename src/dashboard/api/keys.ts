import { graphql } from '../generated/gql.ts';

export const KeysDocument = graphql(`
  query DashboardKeys($after: String) {
    apiKeys(first: 100, after: $after) {
      nodes {
        id
        name
        prefix
        role
        rooms
        status
        createdBy
        createdAt
        expiresAt
        lastUsedAt
      }
    }
  }
`);

export const CreateKeyDocument = graphql(`
  mutation DashboardCreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeySuccess {
        secret
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const RevokeKeyDocument = graphql(`
  mutation DashboardRevokeKey($id: ID!) {
    revokeApiKey(id: $id) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
