/**
 * What becomes of schemas that are sent for a job and are not its present ones:
 *
 *   other annotations alone ─────────────────────────▶ taken over, the version stays
 *   those of an earlier version ─┬───────────────────▶ served as that one, nothing changes
 *                                └─ REPLACE ─────────▶ that version is the present one again
 *   others ─┬─ REFUSE ───────────────────────────────▶ refused, with the first difference
 *           ├─ COMPATIBLE ─┬─ nothing narrows ───────▶ the next version
 *           │              └─ something may ─────────▶ refused, with the places
 *           └─ REPLACE ──────────────────────────────▶ the next version
 *
 * It runs in the transaction of a registration, under the lock of the job. Tasks name their version, so that nothing that
 * is under way has to follow; whoever submits by an older one is noticed by the statement of the submission.
 */
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { type Narrowing, narrowingsOf, schemaDigest } from '../../domain/schema-compatibility/index.ts';
import { type SchemaDifference, schemaDifference } from '../../domain/schema-difference.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement, toJson } from '../database/statement.ts';
import type { JobRow } from './jobs.ts';
import type { JobRegistration } from './registration.ts';

/** Why the schemas of a job stay as they are. */
export interface SchemaRefusal {
  schema: 'payload' | 'result';
  difference: SchemaDifference;
  /** Where the change is none that is compatible; empty where that was not asked for. */
  narrowings: (Narrowing & { schema: 'payload' | 'result' })[];
}

type Schemas = Pick<JobRow, 'payloadSchema' | 'resultSchema' | 'schemaVersion'>;

/** `payloadSchema` and `resultSchema` are those that the job has now, `schemaVersion` is that of the ones that were sent. */
export type SettledSchemas = ({ kind: 'settled' } & Schemas) | ({ kind: 'refused' } & SchemaRefusal);

/** Versions of a job at most. */
const MAX_VERSIONS = 1_000;

export async function settleSchemas(
  session: DatabaseSession,
  existing: JobRow,
  job: JobRegistration,
): Promise<SettledSchemas> {
  const sent: Schemas = {
    payloadSchema: job.payloadSchema ?? existing.payloadSchema,
    resultSchema: job.resultSchema ?? existing.resultSchema,
    schemaVersion: existing.schemaVersion,
  };
  const digest = schemaDigest(sent.payloadSchema, sent.resultSchema);
  const actor = job.actor ?? SYSTEM_ACTOR;
  if (digest === schemaDigest(existing.payloadSchema, existing.resultSchema)) {
    await setSchemas(session, existing, sent, { digest, actor });
    return { kind: 'settled', ...sent };
  }
  const versions = await readVersions(session, existing);
  const earlier = versions.find((version) => version.digest === digest);
  if (earlier && job.schemaChange !== 'REPLACE') {
    const { payloadSchema, resultSchema } = existing;
    return { kind: 'settled', payloadSchema, resultSchema, schemaVersion: earlier.version };
  }
  const refusal = refusalOf(existing, sent, job, versions.length);
  if (refusal) return { kind: 'refused', ...refusal };
  const schemaVersion =
    earlier?.version ?? 1 + Math.max(...versions.map(({ version }) => version), existing.schemaVersion);
  const next = { ...sent, schemaVersion };
  await setSchemas(session, existing, next, { digest, actor });
  return { kind: 'settled', ...next };
}

function refusalOf(
  existing: JobRow,
  sent: Schemas,
  { schemaChange = 'REFUSE' }: JobRegistration,
  versions: number,
): SchemaRefusal | null {
  const schema = schemaDifference(existing.payloadSchema, sent.payloadSchema) ? 'payload' : 'result';
  const of = `${schema}Schema` as const;
  const difference = schemaDifference(existing[of], sent[of]) ?? {
    path: '',
    registered: existing[of],
    sent: sent[of],
  };
  if (schemaChange === 'REFUSE') return { schema, difference, narrowings: [] };
  if (versions >= MAX_VERSIONS) {
    const reason = `has ${MAX_VERSIONS} versions, which is the most; register the job under another name`;
    return { schema, difference, narrowings: [{ schema, path: '', reason }] };
  }
  if (schemaChange === 'REPLACE') return null;
  const narrowings = [
    ...narrowingsOf(existing.payloadSchema, sent.payloadSchema).map((one) => ({
      ...one,
      schema: 'payload' as const,
    })),
    // The other way round: whoever reads results must find in the new ones what it could rely on in the old ones.
    ...narrowingsOf(sent.resultSchema, existing.resultSchema).map((one) => ({
      ...one,
      schema: 'result' as const,
    })),
  ];
  const [first] = narrowings;
  return first ? { schema: first.schema, difference, narrowings } : null;
}

interface Version {
  version: number;
  digest: string;
}

/** The versions that there are; of those from before there were digests, the digest is made now. */
async function readVersions(session: DatabaseSession, job: JobRow): Promise<Version[]> {
  const rows = await session.query<
    { version: number; digest: string | null } & Omit<Schemas, 'schemaVersion'>
  >(READ_VERSIONS, [job.id]);
  const found: Version[] = rows.map(({ version, digest, payloadSchema, resultSchema }) => ({
    version,
    digest: digest ?? schemaDigest(payloadSchema, resultSchema),
  }));
  if (found.some(({ version }) => version === job.schemaVersion)) return found;
  // A server that knew of no versions has defined it.
  const digest = schemaDigest(job.payloadSchema, job.resultSchema);
  await setSchemas(session, job, job, { digest, actor: SYSTEM_ACTOR });
  return [...found, { version: job.schemaVersion, digest }];
}

async function setSchemas(
  session: DatabaseSession,
  existing: JobRow,
  { payloadSchema, resultSchema, schemaVersion }: Schemas,
  { digest, actor }: { digest: string; actor: string },
): Promise<void> {
  await session.query(SET_SCHEMAS, [
    existing.id,
    schemaVersion,
    toJson(payloadSchema),
    toJson(resultSchema ?? undefined),
    digest,
    actor,
    existing.schemaVersion,
  ]);
}

const READ_VERSIONS = statement(
  'read_job_versions',
  `SELECT version, digest, CASE WHEN digest IS NULL THEN payload_schema END AS "payloadSchema",
    CASE WHEN digest IS NULL THEN result_schema END AS "resultSchema"
  FROM job_schema WHERE job_id = $1::uuid ORDER BY version`,
);

const SET_SCHEMAS = statement(
  'set_job_schemas',
  `WITH version AS (
    INSERT INTO job_schema (job_id, version, payload_schema, result_schema, digest, created_by)
    VALUES ($1::uuid, $2::int, $3::text::jsonb, $4::text::jsonb, $5, $6)
    ON CONFLICT (job_id, version) DO UPDATE SET payload_schema = EXCLUDED.payload_schema,
      result_schema = EXCLUDED.result_schema, digest = EXCLUDED.digest
  ), changed AS (
    UPDATE job SET payload_schema = $3::text::jsonb, result_schema = $4::text::jsonb, schema_version = $2::int
    WHERE id = $1::uuid RETURNING job.*
  )
  ${insertAuditEntries({
    type: 'JOB_SCHEMA_CHANGED',
    severity: 'INFO',
    room: 'changed.room',
    actor: '$6::text',
    subjectKind: 'job',
    subjectId: 'changed.id',
    payload: "jsonb_build_object('job', changed.full_name, 'version', $2::int, 'before', $7::int)",
    from: `changed WHERE $2::int <> $7::int AND changed.room <> '${INTERNAL_ROOM}'`,
  })}`,
);
