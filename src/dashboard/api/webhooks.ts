import { graphql } from '../generated/gql.ts';
import type { WebhookRowFragment } from '../generated/graphql.ts';

export type WebhookRow = WebhookRowFragment;

graphql(`
  fragment WebhookRow on Webhook {
    id
    url
    description
    types
    minSeverity
    room
    enabled
    failuresInRow
    restingUntil
    createdBy
    createdAt
    updatedAt
  }
`);

export const WebhooksDocument = graphql(`
  query Webhooks {
    webhooks(first: 100) {
      nodes {
        ...WebhookRow
      }
    }
  }
`);

export const WebhookDeliveriesDocument = graphql(`
  query WebhookDeliveries($webhookId: ID!, $after: String) {
    webhookDeliveries(webhookId: $webhookId, first: 50, after: $after) {
      nodes {
        id
        type
        eventId
        status
        attempts
        responseCode
        response
        error
        durationMs
        createdAt
        lastAttemptAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateWebhookDocument = graphql(`
  mutation DashboardCreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      __typename
      ... on CreateWebhookSuccess {
        webhook {
          id
        }
        secret
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const UpdateWebhookDocument = graphql(`
  mutation DashboardUpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      __typename
      ... on UpdateWebhookSuccess {
        webhook {
          id
        }
        secret
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const TestWebhookDocument = graphql(`
  mutation DashboardTestWebhook($id: ID!) {
    testWebhook(id: $id) {
      __typename
      ... on TestWebhookSuccess {
        deliveryId
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const DeleteWebhookDocument = graphql(`
  mutation DashboardDeleteWebhook($id: ID!) {
    deleteWebhook(id: $id) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
