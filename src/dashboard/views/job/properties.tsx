/** The properties of an object's schema as a table, for people. */
import { Table } from '../../design/table.tsx';
import styles from './schemas.module.css';

interface SchemaObject {
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaObject>;
  required?: string[];
  items?: SchemaObject;
}

export function Properties({ schema }: { schema: unknown }) {
  const { properties = {}, required = [] } = (schema ?? {}) as SchemaObject;
  const rows = Object.entries(properties);
  if (rows.length === 0) return null;
  return (
    <Table
      label="Properties"
      rows={rows}
      keyOf={([name]) => name}
      columns={[
        { label: 'Name', isTitle: true, cell: ([name]) => <span className={styles.name}>{name}</span> },
        { label: 'Type', cell: ([, property]) => typeText(property) },
        { label: 'Required', cell: ([name]) => (required.includes(name) ? 'yes' : 'no') },
        {
          label: 'What it is',
          cell: ([, { description = '', default: usual }]) =>
            usual === undefined ? description : `${description} Left out: ${JSON.stringify(usual)}.`.trim(),
        },
      ]}
    />
  );
}

function typeText({ type, enum: options, format, items }: SchemaObject): string {
  if (options) return options.map((option) => JSON.stringify(option)).join(', ');
  if (items) return `list of ${typeText(items)}`;
  const text = Array.isArray(type) ? type.join(' or ') : (type ?? 'anything');
  return format ? `${text} (${format})` : text;
}
