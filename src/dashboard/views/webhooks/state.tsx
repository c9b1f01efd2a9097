import type { WebhookRow } from '../../api/webhooks.ts';
import { Lamp } from '../../design/lamp.tsx';

export function WebhookState({ webhook: { enabled, restingUntil, failuresInRow } }: { webhook: WebhookRow }) {
  if (!enabled) return <Lamp kind="off">Off</Lamp>;
  if (restingUntil) return <Lamp kind="danger">Failing, rests</Lamp>;
  if (failuresInRow > 0) return <Lamp kind="caution">{failuresInRow} failed in a row</Lamp>;
  return <Lamp kind="good">On</Lamp>;
}
