/** The conditions of a list as badges that can be changed, and a way to add one. */
import { ListFilter } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Condition } from '../../design/condition.tsx';
import { Field, Form, Input, Select } from '../../design/field.tsx';
import { Popover } from '../../design/popover.tsx';
import { useActions } from '../../frame/keyboard.ts';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import { CONDITIONS } from './conditions.ts';
import { conditionLabelsOf, freeCondition, noConditions } from './filter.ts';
import styles from './filter-bar.module.css';
import { FilterInput } from './filter-input.tsx';

export function FilterBar({ children }: { children?: React.ReactNode }) {
  const search = useSearchText();
  const change = useChangeSearch();
  const bar = useRef<HTMLDivElement>(null);
  useActions({ filter: () => bar.current?.querySelector<HTMLElement>('[data-filter-text]')?.focus() });
  const conditions = conditionLabelsOf(search);
  return (
    <div className={styles.bar} ref={bar}>
      <Popover
        className={styles.add}
        button={
          <>
            <ListFilter size={14} aria-hidden /> Filter
          </>
        }
      >
        {(close) => <ConditionForm onDone={close} />}
      </Popover>
      <FilterInput />
      {conditions.map(({ name, label, value }) => (
        <Condition key={name} label={label} value={value} remove={() => change({ [name]: undefined })} />
      ))}
      {conditions.length > 0 && (
        <Button kind="quiet" onClick={() => change(noConditions(search))}>
          Clear
        </Button>
      )}
      {children !== undefined && <div className={styles.aside}>{children}</div>}
    </div>
  );
}

function ConditionForm({ onDone }: { onDone: () => void }) {
  const change = useChangeSearch();
  const [name, setName] = useState('job');
  const [labelName, setLabelName] = useState('');
  const [value, setValue] = useState('');
  const free = name === 'label' || name === 'payload' ? name : undefined;
  const known = CONDITIONS.find((condition) => condition.name === name);
  function submit() {
    const key = free ? freeCondition(free, labelName.trim()) : name;
    if (value.trim() === '' || (free && labelName.trim() === '')) return;
    change({ [key]: value.trim() });
    setValue('');
    onDone();
  }
  return (
    <Form onSubmit={submit} className={styles.form}>
      <Field label="Condition">
        {(ids) => (
          <Select {...ids} value={name} onChange={(event) => setName(event.target.value)}>
            {CONDITIONS.map((condition) => (
              <option key={condition.name} value={condition.name}>
                {condition.label}
              </option>
            ))}
            <option value="label">Label</option>
            <option value="payload">Value in the payload</option>
          </Select>
        )}
      </Field>
      {free && (
        <Field label={free === 'label' ? 'Label' : 'Where in it, such as user.id'}>
          {(ids) => (
            <Input {...ids} value={labelName} onChange={(event) => setLabelName(event.target.value)} />
          )}
        </Field>
      )}
      <Field label="Value">
        {(ids) => (
          <Input
            {...ids}
            value={value}
            placeholder={known?.placeholder ?? 'its value'}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
      <Button kind="primary" type="submit">
        Add
      </Button>
    </Form>
  );
}
