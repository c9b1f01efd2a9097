/** Times: relative ones follow the clock of the page and are silent for readers of the screen, who get the time itself. */
import { useNow } from '../live/clock.ts';
import { useSettings } from '../live/settings.ts';
import { agoText, spanText, timeText } from './text.ts';

/** When something was, as the person wants to read times. */
export function Time({ at, absolute = false }: { at: string; absolute?: boolean }) {
  const { times } = useSettings();
  const style = times === 'utc' ? 'utc' : 'local';
  if (absolute || times !== 'relative') return <time dateTime={at}>{timeText(at, style)}</time>;
  return (
    <time dateTime={at} title={timeText(at, 'local')}>
      <Ago at={at} />
    </time>
  );
}

function Ago({ at }: { at: string }) {
  return agoText(useNow() - Date.parse(at));
}

/** How long something took, or has taken so far when it has no end. */
export function ElapsedTime({ from, to }: { from: string; to?: string | null }) {
  if (to) return <span>{spanText(Date.parse(to) - Date.parse(from))}</span>;
  return <Growing from={from} />;
}

function Growing({ from }: { from: string }) {
  const now = useNow();
  const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1000));
  // Whole seconds: hundredths that stand still say less than none.
  return <span>{seconds < 10 ? `${seconds} s` : spanText(seconds * 1000)}</span>;
}
