import { Check, Copy as CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from '../frame/announce.tsx';
import { IconButton } from './button.tsx';
import styles from './copy.module.css';

/** Copies a text, and says so. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${what}.`);
  } catch {
    announce(`The browser does not let this page copy: ${text}`, 'danger');
  }
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      label={`Copy ${what}`}
      className={styles.copy}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text, what).then(() => setCopied(true));
      }}
    >
      {copied ? <Check size={13} aria-hidden /> : <CopyIcon size={13} aria-hidden />}
    </IconButton>
  );
}

/** Code to be taken away. */
export function Snippet({ code, what }: { code: string; what: string }) {
  return (
    <div className={styles.snippet}>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <Copy text={code} what={what} />
    </div>
  );
}
