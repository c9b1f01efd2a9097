/** What can be done to everything that matches the filter, seen or not. */
import { Layers2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Popover, PopoverItem } from '../../design/popover.tsx';
import { wordOf } from '../../design/text.ts';
import type { BulkAction, TaskFilter } from '../../generated/graphql.ts';
import { useViewer } from '../../session/session.ts';
import { mayChange } from './actions.ts';

const PlanDialog = lazy(() =>
  import('../bulk/plan-dialog.tsx').then(({ PlanDialog }) => ({ default: PlanDialog })),
);

const ACTIONS: BulkAction[] = ['RETRY', 'CANCEL', 'DISCARD'];

export interface AllMatchingProps {
  room: string | undefined;
  filter: TaskFilter;
  /** Those that make sense here; left out: all. */
  actions?: readonly BulkAction[];
}

export function AllMatching({ room, filter, actions = ACTIONS }: AllMatchingProps) {
  const { role } = useViewer();
  const [asked, setAsked] = useState<BulkAction>();
  if (!mayChange(role)) return null;
  return (
    <>
      <Popover
        button={
          <>
            <Layers2 size={14} aria-hidden /> All that match
          </>
        }
      >
        {(close) =>
          actions.map((action) => (
            <PopoverItem
              key={action}
              onClick={() => {
                close();
                setAsked(action);
              }}
            >
              {wordOf(action)} all that match…
            </PopoverItem>
          ))
        }
      </Popover>
      {asked && (
        <Suspense fallback={null}>
          <PlanDialog action={asked} room={room} filter={filter} close={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}
