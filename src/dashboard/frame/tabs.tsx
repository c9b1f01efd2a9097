import styles from './tabs.module.css';

export interface TabsProps<Id extends string> {
  tabs: readonly { id: Id; label: string }[];
  now: NoInfer<Id>;
  choose(id: NoInfer<Id>): void;
  /** Of what: said where they are not the parts of the page. */
  label?: string;
  /** Another look at the same, not another part: smaller, and joined. */
  kind?: 'parts' | 'looks';
}

/** Parts of a page. Which one is in the address, so it is a navigation. */
export function Tabs<Id extends string>({
  tabs,
  now,
  choose,
  label = 'Parts of this page',
  kind = 'parts',
}: TabsProps<Id>) {
  return (
    <nav className={styles[kind]} aria-label={label}>
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
