import { Empty } from '../../design/note.tsx';
import { countText } from '../../design/text.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useRoom, useSearchText } from '../../frame/search.ts';
import { AllMatching } from '../tasks/all-matching.tsx';
import { conditionsOf, readTaskQuery } from '../tasks/filter.ts';
import { TaskList } from '../tasks/list.tsx';
import { taskSource } from '../tasks/source.ts';

export function Page() {
  const search = useSearchText();
  const room = useRoom();
  const { filter } = readTaskQuery(search);
  return (
    <TaskList
      label="Dead letters"
      source={taskSource({ room, filter, statuses: [], deadLetters: true })}
      tools={
        <AllMatching
          room={room}
          filter={{ ...filter, statuses: ['FAILED'], discarded: false }}
          actions={['RETRY', 'DISCARD']}
        />
      }
      head={(shown) => (
        <PageHead
          title="Dead letters"
          aside={
            shown === undefined ? 'Failed for good, and not yet looked after' : `${countText(shown)} shown`
          }
        />
      )}
      empty={
        conditionsOf(search).length === 0 ? (
          <Empty title="No dead letters">
            <p>Every task that failed was retried, discarded, or has succeeded since.</p>
          </Empty>
        ) : undefined
      }
    />
  );
}
