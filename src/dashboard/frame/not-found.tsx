import { Empty } from '../design/note.tsx';
import { Link } from './link.tsx';

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <p>
        The address may have been cut off. <Link to="/">Go to the overview</Link>
      </p>
    </Empty>
  );
}
