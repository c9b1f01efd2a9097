/** The conditions of the audit log: how severe, of which type, by whom, about what. */
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { Condition } from '../../design/condition.tsx';
import { Form, Input, Select } from '../../design/field.tsx';
import { wordOf } from '../../design/text.ts';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import type { EventSeverity, EventType } from '../../generated/graphql.ts';
import { SELECTABLE_EVENT_TYPES } from '../webhooks/event-types.ts';
import styles from './filters.module.css';
import type { EventQuery } from './source.ts';

const SEVERITIES: EventSeverity[] = ['INFO', 'WARNING', 'ERROR'];

/** Conditions with any value, and what they are called. */
const FREE = { by: 'By', about: 'About', correlation: 'Correlation' } as const;

/** What the address asks for. */
export function useEventQuery(): EventQuery {
  const search = useSearchText();
  return {
    room: search.room || undefined,
    minSeverity: SEVERITIES.find((known) => known === search.severity) ?? 'INFO',
    type: SELECTABLE_EVENT_TYPES.find((known) => known === search.type),
    actor: search.by || undefined,
    subject: search.about || undefined,
    correlationId: search.correlation || undefined,
  };
}

/** @param actors those in sight, to choose from */
export function EventFilters({ query, actors }: { query: EventQuery; actors: readonly string[] }) {
  const search = useSearchText();
  const change = useChangeSearch();
  return (
    <div className={styles.bar}>
      <Select
        aria-label="At least this severe"
        value={query.minSeverity}
        onChange={({ target }) => change({ severity: target.value === 'INFO' ? undefined : target.value })}
      >
        {SEVERITIES.map((known) => (
          <option key={known} value={known}>
            {known === 'INFO' ? 'Every severity' : known === 'ERROR' ? 'Errors' : 'Warnings and errors'}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Of this type"
        value={query.type ?? ''}
        onChange={({ target }) => change({ type: target.value || undefined })}
      >
        <option value="">Every type</option>
        {SELECTABLE_EVENT_TYPES.map((type: EventType) => (
          <option key={type} value={type}>
            {wordOf(type)}
          </option>
        ))}
      </Select>
      <ActorInput actors={actors} />
      {Object.entries(FREE).map(
        ([name, label]) =>
          search[name] && (
            <Condition
              key={name}
              label={label}
              value={search[name]}
              remove={() => change({ [name]: undefined })}
            />
          ),
      )}
    </div>
  );
}

function ActorInput({ actors }: { actors: readonly string[] }) {
  const change = useChangeSearch();
  const [value, setValue] = useState('');
  return (
    <Form
      className={styles.typed}
      onSubmit={() => {
        change({ by: value.trim() || undefined });
        setValue('');
      }}
    >
      <span className={styles.input}>
        <ListFilter size={14} aria-hidden className={styles.icon} />
        <Input
          aria-label="By whom"
          placeholder="By whom: an identity"
          list="event-actors"
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
      </span>
      <datalist id="event-actors">
        {actors.map((actor) => (
          <option key={actor} value={actor} />
        ))}
      </datalist>
    </Form>
  );
}
