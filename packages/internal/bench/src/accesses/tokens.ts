/**
 * The tokens of all sessions, kept off the heap. Each look gives a new string, as a socket would: a string that was
 * used as a key before carries its hash already.
 */
export class Tokens {
  #bytes = Buffer.alloc(1 << 16);
  readonly #ends: Uint32Array;
  #count = 0;

  constructor(capacity: number) {
    this.#ends = new Uint32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  add(token: string): void {
    const start = this.#startOf(this.#count);
    const end = start + token.length;
    if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], end * 2);
    this.#bytes.write(token, start, "latin1");
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  at(index: number): string {
    return this.#bytes.toString("latin1", this.#startOf(index), this.#ends[index]);
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
  }
}
