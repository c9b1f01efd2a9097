import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import { useCounts } from '../../live/counts.ts';
import { useViewer } from '../../session/session.ts';
import styles from './page.module.css';
import { Panel } from './panel.tsx';
import { useRates } from './rates.ts';

export function Page() {
  const room = useRoom();
  const { role } = useViewer();
  const counts = useCounts(room, undefined, role !== 'USER');
  const rates = useRates(room, room !== undefined);
  return (
    <div className={styles.page}>
      <PageHead title="Overview" />
      <Panel counts={counts} rates={rates} />
    </div>
  );
}
