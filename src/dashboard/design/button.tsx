import type { ComponentProps } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** Why it cannot be pressed now: it stays focusable and says so. */
  because?: string | undefined;
}

export function Button({ kind = 'plain', because, className, onClick, ...others }: ButtonProps) {
  return (
    <button
      type="button"
      {...others}
      className={[styles.button, styles[kind], className].filter(Boolean).join(' ')}
      aria-disabled={because === undefined ? undefined : true}
      title={because ?? others.title}
      onClick={because === undefined ? onClick : (event) => event.preventDefault()}
    />
  );
}

/** A button of one picture; `label` is its name. */
export function IconButton({ label, className, ...others }: ButtonProps & { label: string }) {
  return (
    <Button
      kind="quiet"
      {...others}
      aria-label={label}
      title={others.because ?? others.title ?? label}
      className={[styles.icon, className].filter(Boolean).join(' ')}
    />
  );
}

export const buttonStyles = styles;
