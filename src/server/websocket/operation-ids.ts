/**
 * Gives each operation of a socket an id of its own, for the library behind the sockets and for us.
 *
 *   client's id "1"  ──subscribe──▶ 1 ──complete──▶ still ending
 *                    ──subscribe──▶ 2 ──▶ …
 *
 * A client may use an id again as soon as it has left its operation, while that one is still being prepared, executed or
 * ended. By the client's id the two cannot be distinguished: the earlier one would answer for the later one, or remove it
 * from the account, and then neither a complete nor the end of the socket would end the later one.
 */
export class OperationIds {
  /** The operation that an id of the client's stands for now. */
  readonly #current = new Map<string, string>();
  /** The client's ids of all operations that have not ended. */
  readonly #names = new Map<string, string>();
  #count = 0;

  /** Operations that have not ended, including those that the client has left. */
  get size(): number {
    return this.#names.size;
  }

  /** Begins an operation and returns its own id; undefined while the client's id stands for another one. */
  begin(name: string): string | undefined {
    if (this.#current.has(name)) return undefined;
    const id = String(++this.#count);
    this.#current.set(name, id);
    this.#names.set(id, name);
    return id;
  }

  /** The client's id of an operation. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? '';
  }

  /** Frees a client's id for another operation; returns the one that it stood for. */
  free(name: string): string | undefined {
    const id = this.#current.get(name);
    this.#current.delete(name);
    return id;
  }

  /** Forgets an operation of which nothing is under way any more. */
  end(id: string): void {
    const name = this.#names.get(id);
    this.#names.delete(id);
    if (name !== undefined && this.#current.get(name) === id) this.#current.delete(name);
  }

  /** Puts the client's id into a message of the library; the last message of an operation frees it. */
  address(message: string): string {
    const [start, id = '', type] = ADDRESSED.exec(message) ?? [];
    const name = this.#names.get(id);
    if (start === undefined || name === undefined) return message;
    if (type !== 'next' && this.#current.get(name) === id) this.#current.delete(name);
    return `{"id":${JSON.stringify(name)},"type":"${type}"${message.slice(start.length)}`;
  }
}

/** The beginning of what the library sends for an operation. */
const ADDRESSED = /^\{"id":"(\d+)","type":"(next|error|complete)"/;
