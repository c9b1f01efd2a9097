/**
 * A button, and what it opens beside itself: the browser's own popover, so it closes by Escape and by a click elsewhere,
 * and the focus returns.
 */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { buttonStyles } from './button.tsx';
import styles from './popover.module.css';

export interface PopoverProps {
  /** The name of the button where its content has none. */
  label?: string | undefined;
  button: ReactNode;
  className?: string | undefined;
  /** Gets what closes it. */
  children: (close: () => void) => ReactNode;
}

const GAP = 6;
const EDGE = 8;

export function Popover({ label, button, className, children }: PopoverProps) {
  const id = useId();
  const content = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const element = content.current;
    if (!element) return;
    const place = (event: Event) => {
      if ((event as ToggleEvent).newState !== 'open' || !opener.current) return;
      const from = opener.current.getBoundingClientRect();
      const size = element.getBoundingClientRect();
      const below = from.bottom + GAP;
      const fits = below + size.height < innerHeight - EDGE;
      element.style.top = `${fits ? below : Math.max(EDGE, from.top - GAP - size.height)}px`;
      element.style.left = `${Math.max(EDGE, Math.min(from.left, innerWidth - size.width - EDGE))}px`;
      element.querySelector<HTMLElement>('input, select, textarea, button, a')?.focus();
    };
    element.addEventListener('toggle', place);
    return () => element.removeEventListener('toggle', place);
  }, []);
  return (
    <>
      <button
        ref={opener}
        type="button"
        popoverTarget={id}
        aria-label={label}
        title={label}
        className={className ?? `${buttonStyles.button} ${buttonStyles.quiet}`}
      >
        {button}
      </button>
      <div ref={content} id={id} popover="auto" className={styles.content}>
        {children(() => content.current?.hidePopover())}
      </div>
    </>
  );
}

/** One action in a popover. */
export function PopoverItem(props: React.ComponentProps<'button'>) {
  return <button type="button" {...props} className={styles.item} />;
}
