import type { TaskDetail } from '../../api/task.ts';
import { Fact } from '../../design/facts.tsx';
import { roughly } from '../../design/text.ts';
import { useNow } from '../../live/clock.ts';

type Estimate = NonNullable<TaskDetail['estimate']>;

/** When it starts and ends, as facts that count down. What is not known says why. */
export function WhenItRuns({ estimate }: { estimate: Estimate | null | undefined }) {
  if (!estimate) return null;
  const { start, end, unknown, detail } = estimate;
  return (
    <>
      {start && (
        <Fact name="Starts">
          <Within {...start} />
        </Fact>
      )}
      {end && (
        <Fact name="Attempt ends">
          <Within {...end} />
        </Fact>
      )}
      {unknown && !LEFT_TO_THE_REASON.has(unknown) && (
        <Fact name={start ? 'Attempt ends' : 'Will run'} wide>
          {start ? 'not known' : detail}
        </Fact>
      )}
    </>
  );
}

/** The page says it anyway, as the reason why the task waits. */
const LEFT_TO_THE_REASON: ReadonlySet<string> = new Set(['DEPENDENCY', 'PAUSED', 'NO_WORKER']);

/** From now on: "in about 40 s, at most 3 min". */
function Within({ p50At, p90At }: { p50At: string; p90At: string }) {
  const now = useNow();
  const [about, most] = [Date.parse(p50At) - now, Date.parse(p90At) - now];
  if (most < 1_000) return 'at any moment';
  const text = about < 1_000 ? 'at any moment' : `in about ${roughly(about)}`;
  return roughly(about) === roughly(most) ? text : `${text}, at most ${roughly(most)}`;
}
