import styles from './tabs.module.css';

export interface TabsProps<Id extends string> {
  tabs: readonly { id: Id; label: string }[];
  now: NoInfer<Id>;
  choose(id: NoInfer<Id>): void;
}

/** Parts of a page. Which one is in the address, so it is a navigation. */
export function Tabs<Id extends string>({ tabs, now, choose }: TabsProps<Id>) {
  return (
    <nav className={styles.tabs} aria-label="Parts of this page">
      {tabs.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          aria-current={id === now ? 'page' : undefined}
          onClick={() => choose(id)}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
