/** A cron line in plain words. */
import { toString as inWords } from 'cronstrue';

/** `At 02:30, Monday through Friday`; undefined where the line cannot be read. */
export function cronText(cron: string): string | undefined {
  try {
    return inWords(cron.trim(), { use24HourTimeFormat: true, verbose: false });
  } catch {
    return undefined;
  }
}

export function Cron({ cron, timeZone }: { cron: string; timeZone: string }) {
  const words = cronText(cron);
  return (
    <span title={`${cron} in ${timeZone}`}>
      {words ?? <code>{cron}</code>}
      {timeZone !== 'UTC' && ` in ${timeZone}`}
    </span>
  );
}
