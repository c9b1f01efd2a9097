/** The limits of a job as fields: a line each. */
import { Button } from '../../design/button.tsx';
import { Field, Input, Select } from '../../design/field.tsx';
import type { LimitScope } from '../../generated/graphql.ts';
import styles from './settings.module.css';
import { type LimitValues, NEW_LIMIT } from './settings-values.ts';

/** The server takes no more. */
const MOST = 4;

const SCOPES: Record<LimitScope, string> = {
  JOB: 'All tasks together',
  ROOM: 'Each room by itself',
  CREATOR: 'Each creator by itself',
  KEY: 'Each key by itself',
};

export interface LimitsProps {
  limits: readonly LimitValues[];
  change(limits: readonly LimitValues[]): void;
}

export function Limits({ limits, change }: LimitsProps) {
  return (
    <fieldset className={styles.limits}>
      <legend>Limits</legend>
      {limits.length === 0 && <p className={styles.note}>None: as many run as workers have slots for.</p>}
      {limits.map((limit, at) => (
        <Limit
          // biome-ignore lint/suspicious/noArrayIndexKey: a limit has no other name that lasts while it is typed.
          key={at}
          limit={limit}
          number={at + 1}
          change={(next) => change(limits.with(at, next))}
          remove={() => change(limits.toSpliced(at, 1))}
        />
      ))}
      <div className={styles.actions}>
        <Button
          because={limits.length >= MOST ? `${MOST} at most` : undefined}
          onClick={() => change([...limits, NEW_LIMIT])}
        >
          Add a limit
        </Button>
      </div>
    </fieldset>
  );
}

interface LimitProps {
  limit: LimitValues;
  number: number;
  change(limit: LimitValues): void;
  remove(): void;
}

function Limit({ limit, number, change, remove }: LimitProps) {
  const set = (name: keyof LimitValues) => (event: { target: { value: string } }) =>
    change({ ...limit, [name]: event.target.value });
  return (
    <fieldset className={styles.limit} aria-label={`Limit ${number}`}>
      <Field label="Name">{(ids) => <Input {...ids} value={limit.name} onChange={set('name')} />}</Field>
      <Field label="Counts">
        {(ids) => (
          <Select {...ids} value={limit.scope} onChange={set('scope')}>
            {Object.entries(SCOPES).map(([scope, text]) => (
              <option key={scope} value={scope}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {limit.scope === 'KEY' && (
        <Field label="Key in the payload" hint="/customer/id. Empty: the limit key of the submission.">
          {(ids) => <Input {...ids} value={limit.keyPointer} onChange={set('keyPointer')} />}
        </Field>
      )}
      <Field label="Limits">
        {(ids) => (
          <Select {...ids} value={limit.by} onChange={set('by')}>
            <option value="running">Running at once</option>
            <option value="rate">Starts in a period</option>
          </Select>
        )}
      </Field>
      <Field label="At most">
        {(ids) => <Input {...ids} type="number" min={1} value={limit.count} onChange={set('count')} />}
      </Field>
      {limit.by === 'rate' && (
        <Field label="In seconds">
          {(ids) => <Input {...ids} type="number" min={1} value={limit.seconds} onChange={set('seconds')} />}
        </Field>
      )}
      <Button kind="quiet" onClick={remove} aria-label={`Remove limit ${limit.name || number}`}>
        Remove
      </Button>
    </fieldset>
  );
}
