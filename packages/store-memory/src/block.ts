import type { SessionRecord } from "@sess/core";

/** A place is a block's number and, in its last bits, a row. */
export const BITS = 8;
export const ROWS = 1 << BITS;
export const MASK = ROWS - 1;

/**
 * So many records, by columns: as an object each, a record would take 50 bytes more, and the garbage
 * collector would have three more things to look at.
 */
export class Block {
  // Not of doubles: as a small integer it takes nothing besides.
  readonly #revisions = new Array<number>(ROWS).fill(0);
  readonly #createdAt = new Float64Array(ROWS);
  readonly #expiresAt = new Float64Array(ROWS);
  readonly #keys = new Array<string>(ROWS).fill("");
  readonly #data = new Array<string>(ROWS).fill("");
  readonly #owners = new Array<string | undefined>(ROWS).fill(undefined);

  key(row: number): string {
    return this.#keys[row] ?? "";
  }

  owner(row: number): string | undefined {
    return this.#owners[row];
  }

  revision(row: number): number {
    return this.#revisions[row] ?? 0;
  }

  expiresAt(row: number): number {
    return this.#expiresAt[row] ?? 0;
  }

  extend(row: number, expiresAt: number): void {
    this.#expiresAt[row] = expiresAt;
  }

  /** A copy. */
  record(row: number): SessionRecord {
    const revision = this.#revisions[row] ?? 0;
    const createdAt = this.#createdAt[row] ?? 0;
    const expiresAt = this.#expiresAt[row] ?? 0;
    const owner = this.#owners[row];
    const data = this.#data[row] ?? "";
    return owner === undefined
      ? { revision, createdAt, expiresAt, data }
      : { revision, createdAt, expiresAt, owner, data };
  }

  write(row: number, key: string, record: SessionRecord): void {
    this.#revisions[row] = record.revision;
    this.#createdAt[row] = record.createdAt;
    this.#expiresAt[row] = record.expiresAt;
    this.#keys[row] = key;
    this.#owners[row] = record.owner;
    this.#data[row] = record.data;
  }

  /** Holds on to nothing any more. */
  erase(row: number): void {
    this.#keys[row] = "";
    this.#owners[row] = undefined;
    this.#data[row] = "";
  }
}
