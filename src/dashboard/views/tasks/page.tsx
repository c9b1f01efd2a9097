import { PageHead } from '../../frame/page-head.tsx';
import { useRoom, useSearchText } from '../../frame/search.ts';
import { AllMatching } from './all-matching.tsx';
import { readTaskQuery, wholeFilter } from './filter.ts';
import { TaskList } from './list.tsx';
import { taskSource } from './source.ts';
import { StatusTabs } from './status-tabs.tsx';

export function Page() {
  const search = useSearchText();
  const room = useRoom();
  const query = readTaskQuery(search);
  return (
    <TaskList
      label="Tasks"
      source={taskSource({ room, ...query })}
      head={<PageHead title="Tasks" />}
      tools={<AllMatching room={room} filter={wholeFilter(query)} />}
      tabs={<StatusTabs filter={query.filter} />}
    />
  );
}
