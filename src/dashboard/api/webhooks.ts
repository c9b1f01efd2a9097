import { graphql } from '../generated/gql.ts';
import type { DeliveryRowFragment, WebhookRowFragment } from '../generated/graphql.ts';

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

export type DeliveryRow = DeliveryRowFragment;

graphql(`
  fragment DeliveryRow on WebhookDelivery {
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
`);

/** The newest hundred, live. */
export const DeliveryStreamDocument = graphql(`
  subscription DeliveryStream($webhookId: ID!) {
    webhookDeliveryEvents(webhookId: $webhookId) {
      __typename
      ... on WebhookDeliveriesSnapshot {
        deliveries {
          ...DeliveryRow
        }
      }
      ... on WebhookDeliveryChanged {
        delivery {
          ...DeliveryRow
        }
      }
      ... on WebhookDeliveryGone {
        deliveryId
      }
    }
  }
`);

export const RedeliverDocument = graphql(`
  mutation DashboardRedeliver($deliveryId: ID!) {
    redeliverWebhook(input: { deliveryId: $deliveryId }) {
      __typename
      ... on Problem {
        ...Refusal
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
