/** JSON as a tree that opens, or as text. Large values show a head, very large ones are only downloaded. */
import { Download } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Button } from './button.tsx';
import { Copy } from './copy.tsx';
import styles from './json.module.css';
import { bytesText } from './text.ts';

const Tree = lazy(() => import('./json-tree.tsx'));

const HEAD_BYTES = 65_536;
const SHOWN_BYTES = 1_048_576;

export function Json({ value, what }: { value: unknown; what: string }) {
  const [asText, setAsText] = useState(false);
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'null', [value]);
  const large = text.length > HEAD_BYTES;
  return (
    <div className={styles.json}>
      <div className={styles.tools}>
        <span className={styles.size}>{bytesText(text.length)}</span>
        {!large && (
          <Button kind="quiet" aria-pressed={asText} onClick={() => setAsText((now) => !now)}>
            {asText ? 'As a tree' : 'As text'}
          </Button>
        )}
        <Copy text={text} what={what} />
        <Button kind="quiet" onClick={() => download(text, `${what}.json`)}>
          <Download size={14} aria-hidden /> Download
        </Button>
      </div>
      {text.length > SHOWN_BYTES ? (
        <p className={styles.note}>Too large to be shown here.</p>
      ) : large || asText ? (
        <pre tabIndex={0} className={styles.text}>
          {large ? `${text.slice(0, HEAD_BYTES)}\n… ${bytesText(text.length - HEAD_BYTES)} more` : text}
        </pre>
      ) : (
        <Suspense
          fallback={
            <pre tabIndex={0} className={styles.text}>
              {text}
            </pre>
          }
        >
          <Tree value={value} what={what} />
        </Suspense>
      )}
    </div>
  );
}

/** Gives a file to whoever uses the page. */
export function download(text: string, name: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
