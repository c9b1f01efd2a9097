/** The filter as a line of text, with what there is to choose from: names of conditions, then values that tasks have. */
import { useId } from 'react';
import { useRead } from '../../api/read.ts';
import { SuggestionsDocument } from '../../api/tasks.ts';
import { Input } from '../../design/field.tsx';
import { useChangeSearch, useRoom } from '../../frame/search.ts';
import type { SuggestField } from '../../generated/graphql.ts';
import { useDraft } from '../../live/drafts.ts';
import { useLater } from '../../live/use-later.ts';
import { CONDITIONS } from './conditions.ts';
import styles from './filter-bar.module.css';
import { lastToken, readFilterText, writeCondition } from './filter-text.ts';

const FIELDS: Record<string, SuggestField> = {
  job: 'JOB',
  error: 'ERROR_CODE',
  by: 'CREATED_BY',
  entity: 'ENTITY_TYPE',
};
const LABEL = 'label.';
const PAYLOAD = 'payload.';
const TIMES = ['noon', 'today', 'yesterday', '1h', '24h'];
const TIMED = ['from', 'to', 'ended', 'endedBy'];

export function FilterInput() {
  const change = useChangeSearch();
  const [text, setText] = useDraft('filter', () => '');
  const list = useId();
  const options = useOptions(text);
  return (
    <form
      className={styles.typed}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        change(readFilterText(text));
        setText('');
      }}
    >
      <Input
        aria-label="Filter by text"
        data-filter-text
        list={list}
        placeholder="error:ECONNREFUSED ended:noon"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
      />
      <datalist id={list}>
        {options.map(({ value, label }) => (
          <option key={value} value={value} label={label} />
        ))}
      </datalist>
    </form>
  );
}

interface Option {
  value: string;
  label?: string;
}

function useOptions(text: string): Option[] {
  const room = useRoom();
  const { before, name, value } = lastToken(useLater(text));
  const asked = suggestionOf(name, value);
  const { data } = useRead(
    'suggestions',
    SuggestionsDocument,
    { room, field: asked?.field ?? 'JOB', key: asked?.key, prefix: asked?.prefix ?? '' },
    { enabled: asked !== undefined, keep: true },
  );
  if (asked && data) return data.suggest.map((found) => ({ value: before + asked.write(found) }));
  if (name !== undefined) {
    return TIMED.includes(name) ? TIMES.map((time) => ({ value: `${before}${name}:${time}` })) : [];
  }
  const names: Option[] = CONDITIONS.map((known) => ({
    value: `${before}${known.name}:`,
    label: known.label,
  }));
  return [
    ...names,
    { value: `${before}${LABEL}`, label: 'Label' },
    { value: `${before}${PAYLOAD}`, label: 'Payload' },
  ];
}

interface Asked {
  field: SuggestField;
  key?: string;
  prefix: string;
  /** The token with a value that was found. */
  write(found: string): string;
}

/** What the server is asked for at this point of the text; undefined: nothing. */
function suggestionOf(name: string | undefined, value: string): Asked | undefined {
  if (name === undefined) {
    if (value.startsWith(LABEL)) {
      const write = (found: string) => `${LABEL}${found}:`;
      return { field: 'LABEL_KEY', prefix: value.slice(LABEL.length), write };
    }
    if (!value.startsWith(PAYLOAD)) return undefined;
    const write = (found: string) => `${PAYLOAD}${found.slice(1).replaceAll('/', '.')}:`;
    return { field: 'PAYLOAD_PATH', prefix: `/${value.slice(PAYLOAD.length).replaceAll('.', '/')}`, write };
  }
  const write = (found: string) => writeCondition(name, found);
  if (name.startsWith(LABEL))
    return { field: 'LABEL_VALUE', key: name.slice(LABEL.length), prefix: value, write };
  const field = FIELDS[name];
  return field && { field, prefix: value, write };
}
