import { useRead } from '../../api/read.ts';
import { TaskAssetsDocument } from '../../api/task.ts';
import { Copy } from '../../design/copy.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { bytesText } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';

export function AssetsTab({ taskId, version }: { taskId: string; version: number }) {
  const { data, error, loading, again } = useRead(
    `assets ${version}`,
    TaskAssetsDocument,
    { id: taskId },
    { keep: true },
  );
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the assets" />;
  const assets = data?.task?.assets.nodes ?? [];
  if (assets.length === 0) {
    return (
      <Empty title="No attempt has attached anything">
        <p>A worker attaches what it makes by attachAsset, while it has the task.</p>
      </Empty>
    );
  }
  return (
    <Table
      label="Assets"
      rows={assets}
      keyOf={({ id }) => id}
      columns={[
        { label: 'Type', cell: ({ type }) => type },
        {
          label: 'Where',
          cell: ({ url, storagePath }) =>
            url && /^https?:/.test(url) ? (
              <a href={url} target="_blank" rel="noreferrer">
                {url}
              </a>
            ) : (
              <>
                <code>{url ?? storagePath}</code> <Copy text={url ?? storagePath ?? ''} what="the place" />
              </>
            ),
        },
        { label: 'Size', cell: ({ size }) => (size === null || size === undefined ? '' : bytesText(size)) },
        { label: 'Attempt', cell: ({ attempt }) => attempt },
        { label: 'Attached', cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
    />
  );
}
