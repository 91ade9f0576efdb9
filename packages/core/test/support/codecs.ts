import type { Codec } from "@sess/core";

/** JSON as a codec, which keeps what it was given to encode and to decode. */
export class SpyCodec implements Codec {
  readonly encoded: unknown[] = [];
  readonly decoded: string[] = [];

  stringify(value: unknown): string {
    this.encoded.push(value);
    return JSON.stringify(value);
  }

  parse(text: string): unknown {
    this.decoded.push(text);
    return JSON.parse(text);
  }

  forget(): void {
    this.encoded.length = 0;
    this.decoded.length = 0;
  }
}

/** A codec that makes `text` of every value. */
export function codecOf(text: () => string): Codec {
  return { stringify: text, parse: (from) => from };
}
