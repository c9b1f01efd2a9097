import { JsonView } from 'react-json-view-lite';
import styles from './json.module.css';

const STYLES = {
  container: styles.tree ?? '',
  basicChildStyle: styles.child ?? '',
  childFieldsContainer: styles.children ?? '',
  label: styles.label ?? '',
  clickableLabel: styles.label ?? '',
  nullValue: styles.special ?? '',
  undefinedValue: styles.special ?? '',
  booleanValue: styles.special ?? '',
  numberValue: styles.number ?? '',
  stringValue: styles.string ?? '',
  otherValue: styles.special ?? '',
  punctuation: styles.punctuation ?? '',
  expandIcon: styles.closed ?? '',
  collapseIcon: styles.opened ?? '',
  collapsedContent: styles.collapsed ?? '',
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
  stringifyStringValues: true,
};

/** Levels that are open at first. */
const OPEN_LEVELS = 3;

export default function Tree({ value, what }: { value: unknown; what: string }) {
  if (typeof value !== 'object' || value === null) {
    return (
      <pre tabIndex={0} className={styles.text}>
        {JSON.stringify(value)}
      </pre>
    );
  }
  return (
    <JsonView
      data={value}
      style={STYLES}
      shouldExpandNode={(level) => level < OPEN_LEVELS}
      clickToExpandNode
      aria-label={what}
    />
  );
}
