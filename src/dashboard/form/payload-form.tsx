/** A payload by a form, where its schema can be shown as one, or as JSON. */
import type { RJSFSchema } from '@rjsf/utils';
import { type ReactNode, useMemo } from 'react';
import { ProblemError } from '../../client/problems.ts';
import { Field, Form, TextArea } from '../design/field.tsx';
import { Tabs } from '../frame/tabs.tsx';
import { useDraft } from '../live/drafts.ts';
import styles from './payload-form.module.css';
import { SchemaForm } from './theme.tsx';
import { validator } from './validator.ts';

export interface PayloadFormProps {
  schema: unknown;
  initial: unknown;
  onChange(payload: unknown): void;
  onSubmit(payload: unknown): void;
  /** A name under which what is typed outlives a change of rights; left out: it does not. */
  draft?: string;
  /** What the server has refused: its issues stand at their fields. */
  error: unknown;
  children: ReactNode;
}

const TABS = [
  { id: 'form', label: 'Form' },
  { id: 'json', label: 'JSON' },
] as const;

export function PayloadForm(props: PayloadFormProps) {
  const { schema, initial, onChange, onSubmit, draft, error, children } = props;
  const shown = useMemo(() => formSchemaOf(schema), [schema]);
  const named = (part: string) => draft && `${draft} ${part}`;
  const [kind, setKind] = useDraft<'form' | 'json'>(named('kind'), () => (shown ? 'form' : 'json'));
  const [payload, setPayload] = useDraft<unknown>(named('payload'), () => initial ?? {});
  const extraErrors = useMemo(() => issuesOf(error), [error]);
  const change = (next: unknown) => {
    setPayload(next);
    onChange(next);
  };
  return (
    <div className={styles.payload}>
      {shown && <Tabs kind="looks" label="As" tabs={TABS} now={kind} choose={setKind} />}
      {kind === 'form' && shown ? (
        <SchemaForm
          schema={shown}
          validator={validator}
          formData={payload}
          onChange={({ formData }) => change(formData)}
          onSubmit={({ formData }) => onSubmit(formData)}
          extraErrors={extraErrors as never}
          extraErrorsBlockSubmit={false}
          noHtml5Validate
          showErrorList={false}
          focusOnFirstError
          className={styles.form ?? ''}
        >
          {children}
        </SchemaForm>
      ) : (
        <JsonPayload payload={payload} change={change} submit={onSubmit} draft={named('text')}>
          {children}
        </JsonPayload>
      )}
    </div>
  );
}

interface JsonPayloadProps {
  payload: unknown;
  change(payload: unknown): void;
  submit(payload: unknown): void;
  draft: string | undefined;
  children: ReactNode;
}

function JsonPayload({ payload, change, submit, draft, children }: JsonPayloadProps) {
  const [text, setText] = useDraft(draft, () => JSON.stringify(payload, null, 2));
  const parsed = parse(text);
  return (
    <Form onSubmit={() => 'value' in parsed && submit(parsed.value)}>
      <Field label="Payload" error={'error' in parsed ? parsed.error : undefined}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={Math.min(20, Math.max(6, text.split('\n').length + 1))}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              const next = parse(target.value);
              if ('value' in next) change(next.value);
            }}
          />
        )}
      </Field>
      {children}
    </Form>
  );
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text === '' ? '{}' : text) };
  } catch (error) {
    return { error: `This is no JSON: ${error instanceof Error ? error.message : error}` };
  }
}

/** The schema, where a form can show it: an object with named properties. */
function formSchemaOf(schema: unknown): RJSFSchema | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { $schema: _, ...rest } = schema as RJSFSchema;
  const properties = Object.keys(rest.properties ?? {});
  return properties.length > 0 || rest.oneOf || rest.anyOf || rest.allOf ? rest : undefined;
}

/** The server's issues in the shape of the form: messages at their paths. */
function issuesOf(error: unknown): object {
  const root: Record<string, unknown> = {};
  if (!(error instanceof ProblemError)) return root;
  for (const { path, message } of error.issues) {
    let place = root;
    for (const part of path.filter((name) => name !== 'payload')) {
      place[part] ??= {};
      place = place[part] as Record<string, unknown>;
    }
    place.__errors = [...((place.__errors as string[] | undefined) ?? []), message];
  }
  return root;
}
