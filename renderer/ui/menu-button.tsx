import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './menu-button.module.css';

/** What a menu offers; `separator` stands between two kinds of things. */
export type MenuEntry = { readonly label: string; readonly choose: () => void } | 'separator';

interface MenuButtonProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly className?: string | undefined;
  /** False where it is one of many in a list of which Tab reaches one only. */
  readonly isReachable?: boolean;
}

/** A button that opens a menu: arrows go through it, Escape and Tab leave it, a letter finds what begins with it. */
export function MenuButton({ label, children, entries, className, isReachable = true }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const items = () => [...(anchor.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first entry has the focus when it opens, and only then
  useEffect(() => {
    if (isOpen) items()[0]?.focus();
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const all = items();
    const next = nextItem(event.key, all, all.indexOf(document.activeElement as HTMLElement));
    if (next) next.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu within it
    <span
      ref={anchor}
      className={styles.anchor}
      onKeyDown={onKeyDown}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        tabIndex={isReachable ? 0 : -1}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen && <Menu label={label} entries={entries} onChosen={close} />}
    </span>
  );
}

interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onChosen: () => void;
}

function Menu({ label, entries, onChosen }: MenuProps) {
  return (
    <div className={styles.menu} role="menu" aria-label={label}>
      {entries.map((entry, n) =>
        entry === 'separator' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place
          <hr key={n} className={styles.separator} />
        ) : (
          <button
            key={entry.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={styles.item}
            onClick={() => {
              onChosen();
              entry.choose();
            }}
          >
            {entry.label}
          </button>
        ),
      )}
    </div>
  );
}

function nextItem(key: string, all: readonly HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return all[(at + 1) % all.length];
    case 'ArrowUp':
      return all.at(at - 1);
    case 'Home':
      return all[0];
    case 'End':
      return all.at(-1);
    default:
      if (key.length !== 1 || key === ' ') return undefined;
      return [...all.slice(at + 1), ...all].find(({ textContent }) =>
        textContent?.toLowerCase().startsWith(key.toLowerCase()),
      );
  }
}
