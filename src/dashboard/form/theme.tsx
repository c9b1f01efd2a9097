/** The look of a form that @rjsf makes: our fields, and no styles of its own. */
import { type ThemeProps, withTheme } from '@rjsf/core';
import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  BaseInputTemplateProps,
  FieldTemplateProps,
  IconButtonProps,
  ObjectFieldTemplateProps,
  WidgetProps,
} from '@rjsf/utils';
import { ArrowDown, ArrowUp, Copy, Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../design/button.tsx';
import { Check, Input, Select, TextArea } from '../design/field.tsx';
import styles from './theme.module.css';

function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, rawErrors, rawDescription, required, hidden, schema, displayLabel } = props;
  if (hidden) return <div hidden>{children}</div>;
  const simple = schema.type !== 'object' && schema.type !== 'array';
  return (
    <div className={styles.field}>
      {displayLabel && simple && (
        <label htmlFor={id}>
          {label}
          {required && <span className={styles.required}> required</span>}
        </label>
      )}
      {children}
      {rawDescription && simple && <p className={styles.hint}>{rawDescription}</p>}
      {rawErrors && rawErrors.length > 0 && simple && (
        <p className={styles.error} id={`${id}__error`}>
          {label} {[...new Set(rawErrors)].join('; ')}
        </p>
      )}
    </div>
  );
}

function ObjectFieldTemplate({
  title,
  properties,
  description,
  fieldPathId,
  optionalDataControl,
}: ObjectFieldTemplateProps) {
  const content = properties.map(({ content, name }) => <div key={name}>{content}</div>);
  if (fieldPathId.path.length === 0) return <div className={styles.group}>{content}</div>;
  return (
    <fieldset className={styles.object}>
      <legend>{title}</legend>
      {description && <p className={styles.hint}>{description}</p>}
      {optionalDataControl}
      <div className={styles.group}>{content}</div>
    </fieldset>
  );
}

function ArrayFieldTemplate({ title, items, canAdd, onAddClick, disabled, schema }: ArrayFieldTemplateProps) {
  return (
    <fieldset className={styles.object}>
      <legend>{title}</legend>
      {schema.description && <p className={styles.hint}>{schema.description}</p>}
      <div className={styles.group}>{items}</div>
      {canAdd && (
        <Button onClick={onAddClick} disabled={disabled}>
          <Plus size={14} aria-hidden /> Add to {title}
        </Button>
      )}
    </fieldset>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar, index }: ArrayFieldItemTemplateProps) {
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps;
  return (
    <div className={styles.item}>
      <div>{children}</div>
      {hasToolbar && (
        <div className={styles.tools}>
          {hasMoveUp && (
            <IconButton label={`Item ${index + 1}: earlier`} onClick={onMoveUpItem}>
              <ArrowUp size={14} aria-hidden />
            </IconButton>
          )}
          {hasMoveDown && (
            <IconButton label={`Item ${index + 1}: later`} onClick={onMoveDownItem}>
              <ArrowDown size={14} aria-hidden />
            </IconButton>
          )}
          {hasRemove && (
            <IconButton label={`Item ${index + 1}: remove`} onClick={onRemoveItem}>
              <Trash2 size={14} aria-hidden />
            </IconButton>
          )}
        </div>
      )}
    </div>
  );
}

function BaseInputTemplate(props: BaseInputTemplateProps) {
  const { id, value, required, disabled, readonly, onChange, options, schema, type, rawErrors } = props;
  const numeric = schema.type === 'integer' || schema.type === 'number' || type === 'number';
  return (
    <Input
      id={id}
      name={id}
      value={value ?? ''}
      required={required}
      disabled={disabled}
      readOnly={readonly}
      inputMode={numeric ? 'decimal' : undefined}
      type={numeric ? 'number' : 'text'}
      step={schema.type === 'integer' ? 1 : 'any'}
      aria-invalid={rawErrors && rawErrors.length > 0 ? true : undefined}
      placeholder={schema.default === undefined ? undefined : String(schema.default)}
      onChange={({ target }) => onChange(target.value === '' ? options.emptyValue : target.value)}
    />
  );
}

function SelectWidget({
  id,
  value,
  required,
  disabled,
  options,
  onChange,
  multiple,
  rawErrors,
}: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const at = choices.findIndex((choice) => choice.value === value);
  if (multiple) {
    const chosen = Array.isArray(value) ? value : [];
    return (
      <div className={styles.choices}>
        {choices.map(({ value: choice, label }) => (
          <Check
            key={label}
            label={label}
            checked={chosen.includes(choice)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, choice] : chosen.filter((one) => one !== choice))
            }
          />
        ))}
      </div>
    );
  }
  return (
    <Select
      id={id}
      value={at}
      disabled={disabled}
      aria-invalid={rawErrors && rawErrors.length > 0 ? true : undefined}
      onChange={({ target }) =>
        onChange(target.value === '-1' ? undefined : choices[Number(target.value)]?.value)
      }
    >
      {(!required || at < 0) && <option value={-1}>Left out</option>}
      {choices.map(({ label }, index) => (
        <option key={label} value={index}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function CheckboxWidget({ id, value, label, disabled, onChange }: WidgetProps) {
  return (
    <Check
      id={id}
      label={label}
      checked={value === true}
      disabled={disabled}
      onChange={({ target }) => onChange(target.checked)}
    />
  );
}

function TextareaWidget({ id, value, disabled, onChange }: WidgetProps) {
  return (
    <TextArea
      id={id}
      value={value ?? ''}
      disabled={disabled}
      onChange={({ target }) => onChange(target.value || undefined)}
    />
  );
}

function iconButton(label: string, icon: React.ReactNode) {
  return ({ onClick, disabled }: IconButtonProps) => (
    <IconButton label={label} onClick={onClick} disabled={disabled}>
      {icon}
    </IconButton>
  );
}

const theme: ThemeProps = {
  templates: {
    FieldTemplate,
    ObjectFieldTemplate,
    ArrayFieldTemplate,
    ArrayFieldItemTemplate,
    BaseInputTemplate,
    ErrorListTemplate: () => null,
    DescriptionFieldTemplate: () => null,
    FieldErrorTemplate: () => null,
    FieldHelpTemplate: () => null,
    ButtonTemplates: {
      SubmitButton: () => null,
      AddButton: ({ onClick, disabled }) => (
        <Button onClick={onClick} disabled={disabled}>
          <Plus size={14} aria-hidden /> Add
        </Button>
      ),
      CopyButton: iconButton('Copy the item', <Copy size={14} aria-hidden />),
      MoveUpButton: iconButton('Earlier', <ArrowUp size={14} aria-hidden />),
      MoveDownButton: iconButton('Later', <ArrowDown size={14} aria-hidden />),
      RemoveButton: iconButton('Remove', <Trash2 size={14} aria-hidden />),
    },
  },
  widgets: { SelectWidget, CheckboxWidget, TextareaWidget },
};

export const SchemaForm = withTheme(theme);
