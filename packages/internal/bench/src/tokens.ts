/**
 * What clients send to be recognised: ids, or whole Cookie headers. Kept off the heap, and handed out
 * as a new string each time, as it comes from a socket: a string that has been looked up before has
 * its hash already.
 */
export class Tokens {
  #bytes = Buffer.alloc(1 << 16);
  #ends: Uint32Array<ArrayBuffer>;
  #count = 0;

  constructor(capacity: number) {
    this.#ends = new Uint32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  add(token: string): void {
    const start = this.#start(this.#count);
    const end = start + token.length;
    if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], end * 2);
    this.#bytes.write(token, start, "latin1");
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  at(index: number): string {
    return this.#bytes.toString("latin1", this.#start(index), this.#ends[index]);
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
  }
}
