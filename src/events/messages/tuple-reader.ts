/** Reads the values of a row one after the other, and checks each. */

/** What was received is none of ours. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Values that are missing at the end count as null. Every method takes the next value. @throws Malformed */
export class TupleReader {
  readonly #name: string;
  readonly #values: readonly unknown[];
  #next = 0;

  constructor(name: string, values: unknown) {
    if (!Array.isArray(values)) throw new Malformed(`${name} is not a row`);
    this.#name = name;
    this.#values = values;
  }

  /** Whether an older server, which has fewer values, has written no more. */
  isAtEnd(): boolean {
    return this.#next >= this.#values.length;
  }

  text(): string {
    const value = this.#take();
    return typeof value === 'string' ? value : this.#refuse('a text');
  }

  textOrNull(): string | null {
    const value = this.#take();
    return value === null || typeof value === 'string' ? value : this.#refuse('a text or null');
  }

  /** @param min least value */
  int(min = Number.MIN_SAFE_INTEGER): number {
    const value = this.#take();
    return Number.isSafeInteger(value) && (value as number) >= min
      ? (value as number)
      : this.#refuse(`an integer from ${min}`);
  }

  number(): number {
    const value = this.#take();
    return Number.isFinite(value) ? (value as number) : this.#refuse('a number');
  }

  boolean(): boolean {
    const value = this.#take();
    return typeof value === 'boolean' ? value : this.#refuse('true or false');
  }

  /** As decimal text. */
  bigint(): string {
    const value = this.#take();
    return typeof value === 'string' && /^\d{1,20}$/.test(value) ? value : this.#refuse('a bigint');
  }

  date(): Date {
    return this.dateOrNull() ?? this.#refuse('a date');
  }

  dateOrNull(): Date | null {
    const value = this.#take();
    if (value === null) return null;
    const date = new Date(typeof value === 'number' ? value : Number.NaN);
    return Number.isNaN(date.getTime()) ? this.#refuse('a date') : date;
  }

  oneOf<T extends string>(all: ReadonlySet<T>): T {
    return this.oneOfOrNull(all) ?? this.#refuse('a value that is known');
  }

  oneOfOrNull<T extends string>(all: ReadonlySet<T>): T | null {
    const value = this.#take();
    return value === null || all.has(value as T)
      ? (value as T | null)
      : this.#refuse('a value that is known');
  }

  labels(): Record<string, string> {
    const value = this.#take();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#refuse('labels');
    for (const label of Object.values(value)) if (typeof label !== 'string') this.#refuse('labels');
    return value as Record<string, string>;
  }

  /** An object whose values are pairs. */
  pairsOrNull(): Record<string, [unknown, unknown]> | null {
    const value = this.#take();
    if (value === null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) this.#refuse('an object or null');
    for (const pair of Object.values(value))
      if (!Array.isArray(pair) || pair.length !== 2) this.#refuse('an object of pairs');
    return value as Record<string, [unknown, unknown]>;
  }

  json(): unknown {
    return this.#take();
  }

  rowOrNull(): TupleReader | null {
    const value = this.#take();
    return value === null ? null : new TupleReader(`${this.#name}[${this.#next - 1}]`, value);
  }

  #take(): unknown {
    return this.#values[this.#next++] ?? null;
  }

  #refuse(expected: string): never {
    throw new Malformed(`${this.#name}[${this.#next - 1}] is not ${expected}`);
  }
}
