import { Empty } from '../../design/note.tsx';
import { countText } from '../../design/text.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import { Tabs } from '../../frame/tabs.tsx';
import type { TaskFilter } from '../../generated/graphql.ts';
import { useFilteredCounts } from '../../live/counts.ts';
import pageStyles from '../jobs/page.module.css';
import { AllMatching } from '../tasks/all-matching.tsx';
import { conditionLabelsOf, readTaskQuery } from '../tasks/filter.ts';
import { TaskList } from '../tasks/list.tsx';
import { taskSource } from '../tasks/source.ts';
import { ErrorGroups } from './groups.tsx';

const TABS = [
  { id: 'each', label: 'Each' },
  { id: 'error', label: 'By error' },
] as const;

export function Page() {
  const { group } = useSearchText();
  if (group !== 'error') return <Each />;
  return (
    <div className={pageStyles.page}>
      <PageHead title="Dead letters" aside="What went wrong in the last 24 hours" />
      <GroupTabs />
      <ErrorGroups />
    </div>
  );
}

function GroupTabs() {
  const { group } = useSearchText();
  const change = useChangeSearch();
  const now = TABS.find(({ id }) => id === group)?.id ?? 'each';
  return (
    <Tabs
      tabs={TABS}
      now={now}
      choose={(id) => change({ group: id === 'each' ? undefined : id, task: undefined })}
    />
  );
}

function Each() {
  const search = useSearchText();
  const room = useRoom();
  const { filter } = readTaskQuery(search);
  const whole: TaskFilter = { ...filter, statuses: ['FAILED'], discarded: false };
  const counts = useFilteredCounts(room, whole);
  const aside = counts?.total
    ? `${countText(counts.total)}${counts.atLeast ? ' or more' : ''} to look after`
    : 'Failed for good, and not yet looked after';
  return (
    <TaskList
      label="Dead letters"
      source={taskSource({ room, filter, statuses: [], deadLetters: true })}
      tools={<AllMatching room={room} filter={whole} actions={['RETRY', 'DISCARD']} />}
      tabs={<GroupTabs />}
      head={<PageHead title="Dead letters" aside={aside} />}
      empty={
        conditionLabelsOf(search).length === 0 ? (
          <Empty title="No dead letters">
            <p>Every task that failed was retried, discarded, or has succeeded since.</p>
          </Empty>
        ) : undefined
      }
    />
  );
}
