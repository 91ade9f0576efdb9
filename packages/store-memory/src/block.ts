import type { SessionRecord } from "@sess/core";

/** A place is a block's number and, in its last bits, a row. */
export const BITS = 8;
export const ROWS = 1 << BITS;
export const MASK = ROWS - 1;

/** How many numbers and texts a row has, and which is which. */
const NUMBERS = 3;
const CREATED_AT = 1;
const EXPIRES_AT = 2;
const TEXTS = 2;
const DATA = 1;

/**
 * So many records, by columns: as an object each, a record would take 50 bytes more, and the garbage
 * collector would have three more things to look at. What is read together stands side by side: among a
 * million records, each further place that is looked at is a cache miss.
 */
export class Block {
  /** Of each row its revision and its two times. */
  readonly #numbers = new Float64Array(NUMBERS * ROWS);
  /** Of each row its key and its data. */
  readonly #texts = new Array<string>(TEXTS * ROWS).fill("");
  /** Made for the first that has one. */
  #owners: (string | undefined)[] | undefined;

  key(row: number): string {
    return this.#texts[TEXTS * row] ?? "";
  }

  owner(row: number): string | undefined {
    return this.#owners?.[row];
  }

  revision(row: number): number {
    return this.#numbers[NUMBERS * row] ?? 0;
  }

  expiresAt(row: number): number {
    return this.#numbers[NUMBERS * row + EXPIRES_AT] ?? 0;
  }

  extend(row: number, expiresAt: number): void {
    this.#numbers[NUMBERS * row + EXPIRES_AT] = expiresAt;
  }

  /** A copy. */
  record(row: number): SessionRecord {
    const revision = this.#numbers[NUMBERS * row] ?? 0;
    const createdAt = this.#numbers[NUMBERS * row + CREATED_AT] ?? 0;
    const expiresAt = this.#numbers[NUMBERS * row + EXPIRES_AT] ?? 0;
    const data = this.#texts[TEXTS * row + DATA] ?? "";
    const owner = this.owner(row);
    return owner === undefined
      ? { revision, createdAt, expiresAt, data }
      : { revision, createdAt, expiresAt, owner, data };
  }

  write(row: number, key: string, record: SessionRecord): void {
    this.#numbers[NUMBERS * row] = record.revision;
    this.#numbers[NUMBERS * row + CREATED_AT] = record.createdAt;
    this.#numbers[NUMBERS * row + EXPIRES_AT] = record.expiresAt;
    this.#texts[TEXTS * row] = key;
    this.#texts[TEXTS * row + DATA] = record.data;
    this.#setOwner(row, record.owner);
  }

  /** Holds on to nothing any more. */
  erase(row: number): void {
    this.#texts[TEXTS * row] = "";
    this.#texts[TEXTS * row + DATA] = "";
    this.#setOwner(row, undefined);
  }

  #setOwner(row: number, owner: string | undefined): void {
    if (owner !== undefined) this.#owners ??= new Array(ROWS).fill(undefined);
    if (this.#owners !== undefined) this.#owners[row] = owner;
  }
}
