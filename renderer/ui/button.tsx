import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: what most people want here, one in a place; `quiet`: what few want; `link`: within text. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'link';
  /** Why it cannot be pressed now. It stays in the tab order, so that everybody learns it. */
  readonly unavailable?: string | undefined;
}

/** A button. What cannot be done is greyed and says why, never missing. */
export function Button({ look = 'plain', unavailable, onClick, className, ...rest }: ButtonProps) {
  const classes = [look === 'plain' ? '' : styles[look], unavailable ? styles.unavailable : '', className];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      onClick={unavailable ? undefined : onClick}
      {...(unavailable ? { 'aria-disabled': true, title: unavailable } : {})}
    />
  );
}
