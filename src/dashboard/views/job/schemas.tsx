/** The schemas of a job, version by version, with what each has changed. */
import { JobSchemasDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { Field, Select } from '../../design/field.tsx';
import { Json } from '../../design/json.tsx';
import { Banner, ErrorNote, Loading } from '../../design/note.tsx';
import { timeText } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import type { DashboardJobSchemasQuery } from '../../generated/graphql.ts';
import type { JobDetails } from './job.ts';
import { Properties } from './properties.tsx';
import { changesOf, type SchemaRuleChange } from './schema-changes.ts';
import styles from './schemas.module.css';

type Version = NonNullable<DashboardJobSchemasQuery['job']>['schemaVersions'][number];

export function Schemas({ job }: { job: JobDetails }) {
  const { fullName, schemaVersion } = job;
  // Another version of the job is another text to read.
  const { data, error, loading, again } = useRead(
    `schemas ${schemaVersion}`,
    JobSchemasDocument,
    { fullName },
    { keep: true },
  );
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the schemas" />;
  return <Versions versions={data?.job?.schemaVersions ?? []} />;
}

/** Newest first. */
function Versions({ versions }: { versions: readonly Version[] }) {
  const { schema } = useSearchText();
  const change = useChangeSearch();
  const at = Math.max(
    0,
    versions.findIndex(({ version }) => String(version) === schema),
  );
  const [shown, before] = [versions[at], versions[at + 1]];
  if (!shown) return null;
  const select = (version: string) =>
    change({ schema: version === String(versions[0]?.version) ? undefined : version });
  return (
    <div className={styles.all}>
      {versions.length > 1 && (
        <Field label="Version">
          {(ids) => (
            <Select {...ids} value={shown.version} onChange={({ target }) => select(target.value)}>
              {versions.map(({ version, createdAt }, place) => (
                <option key={version} value={version}>
                  {version} · {timeText(createdAt, 'local')}
                  {place === 0 ? ' · the present one' : ''}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      {at > 0 && (
        <Banner>Tasks that were submitted by this version keep it; new ones have the present one.</Banner>
      )}
      <p className={styles.made}>
        Version {shown.version}, since <Time at={shown.createdAt} /> by <bdi>{shown.createdBy}</bdi>
      </p>
      {before && <Changes before={before} after={shown} />}
      <div className={styles.schemas}>
        <section>
          <h2>Payload</h2>
          <Properties schema={shown.payloadSchema} />
          <Json value={shown.payloadSchema} what="schema of the payload" />
        </section>
        <section>
          <h2>Result</h2>
          {shown.resultSchema === null || shown.resultSchema === undefined ? (
            <p>Results are not described: any is taken.</p>
          ) : (
            <>
              <Properties schema={shown.resultSchema} />
              <Json value={shown.resultSchema} what="schema of the result" />
            </>
          )}
        </section>
      </div>
    </div>
  );
}

function Changes({ before, after }: { before: Version; after: Version }) {
  const parts = [
    { what: 'payload', changes: changesOf(before.payloadSchema, after.payloadSchema) },
    { what: 'result', changes: changesOf(before.resultSchema ?? {}, after.resultSchema ?? {}) },
  ];
  return (
    <section aria-label="Changes">
      <h2>What version {after.version} has changed</h2>
      <ul className={styles.changes}>
        {parts.flatMap(({ what, changes }) =>
          changes.map((one) => (
            <ChangeLine key={`${what} ${one.path} ${one.rules}`} what={what} change={one} />
          )),
        )}
      </ul>
    </section>
  );
}

function ChangeLine({ what, change: { path, kind, rules } }: { what: string; change: SchemaRuleChange }) {
  return (
    <li data-kind={kind}>
      <span className={styles.kind}>{kind}</span> {what} <code>{path}</code>
      {rules.length > 0 && <span className={styles.rules}>{rules.join(', ')}</span>}
    </li>
  );
}
