/** Whether a schema may take the place of another one, without any of those who use it noticing. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import { withoutAnnotations } from '../schema-difference.ts';
import { type Narrowing, TooManySteps } from './comparing.ts';
import { Comparison } from './comparison.ts';
import { SchemaDocument } from './document.ts';

export type { Narrowing } from './comparing.ts';

export interface CompatibilityOptions {
  /**
   * Whether an object that says nothing about additionalProperties is taken to have none (true). Libraries write their
   * objects so; strictly, every value has been accepted under a name that was not known.
   */
  assumesNoUnknown?: boolean;
}

/** Narrowings that are listed at most. */
const MAX_LISTED = 20;

/**
 * Where `after` accepts less than `before` does, or may do: empty when it accepts whatever `before` accepts. Null is a
 * schema that says nothing.
 */
export function narrowingsOf(
  before: unknown,
  after: unknown,
  { assumesNoUnknown = true }: CompatibilityOptions = {},
): Narrowing[] {
  const [one, other] = [before ?? true, after ?? true].map((schema) => new SchemaDocument(bare(schema)));
  if (!one || !other || other.root === true) return [];
  if (canonicalJson(one.root) === canonicalJson(other.root)) return [];
  if (one.isOpaque || other.isOpaque) {
    return [{ path: '', reason: 'has anchors or ids of its own, which are not compared' }];
  }
  try {
    const found = new Comparison(one, other, assumesNoUnknown).narrowings([one.root], other.root, '', null);
    return unique(found).slice(0, MAX_LISTED);
  } catch (error) {
    if (error instanceof TooManySteps)
      return [{ path: '', reason: 'has too many alternatives to be compared' }];
    throw error;
  }
}

/** The same for schemas that accept the same and differ in annotations and the order of keys at most. */
export function schemaDigest(payloadSchema: unknown, resultSchema: unknown): string {
  const text = canonicalJson([bare(payloadSchema), resultSchema == null ? null : bare(resultSchema)]);
  return createHash('sha256').update(text).digest('hex');
}

/** Keywords for people and tools; a reference may lead into one, and then it counts. */
const ANNOTATION =
  /"\$ref":"#[^"]*\/(default|examples|title|description|readOnly|writeOnly|deprecated|\$comment)[/"]/;

function bare(schema: unknown): unknown {
  return ANNOTATION.test(JSON.stringify(schema)) ? schema : withoutAnnotations(schema);
}

function unique(found: readonly Narrowing[]): Narrowing[] {
  return [...new Map(found.map((one) => [`${one.path} ${one.reason}`, one])).values()];
}
