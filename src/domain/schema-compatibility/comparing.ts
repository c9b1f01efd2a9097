/** What the rules for single keywords get from the comparison that calls them. */
import type { Keywords, Part, SchemaDocument } from './document.ts';

/** A place where a schema accepts less than the one before it, as far as can be decided. */
export interface Narrowing {
  /** JSON Pointer into the later schema; empty for the whole. */
  path: string;
  /** In a few words, as `is required now`. */
  reason: string;
}

/** Comparing takes longer than anybody should wait for. */
export class TooManySteps extends Error {}

/** Where a comparison has come from, and which pairs are being shown. */
export interface Trail {
  key: string;
  /** Whether it lies above: what is compared now is a part of its value. */
  isAbove: boolean;
  depth: number;
  parent: Trail | null;
}

/** A comparison under way, for those who compare a part of it. */
export interface Comparing {
  readonly before: SchemaDocument;
  readonly after: SchemaDocument;
  /** Whether an object that says nothing about further properties is taken to have none. */
  readonly assumesNoUnknown: boolean;
  /** Where `after` accepts less than the parts of `before` do together; empty: nowhere. */
  narrowings(
    before: readonly Part[],
    after: Part | undefined,
    path: string,
    trail: Trail | null,
  ): Narrowing[];
  /**
   * The parts with those that they refer to and consist of, as they are written and each without what it consists of;
   * null when no value fulfils them.
   */
  expand(before: readonly Part[]): { parts: Keywords[]; asWritten: Keywords[] } | null;
  /** Whether both mean the same: equal texts whose references lead to equal definitions. */
  isSame(before: unknown, after: unknown): boolean;
  /** @throws TooManySteps */
  spend(): void;
}

/** The trail of what lies within the value. */
export function within(trail: Trail): Trail {
  return { ...trail, isAbove: true };
}
