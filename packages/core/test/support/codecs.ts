import type { Codec } from "@sess/core";

/** JSON as a codec that notes what it is given. */
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

/** A codec that encodes every value as `text()`. */
export function codecOf(text: () => string): Codec {
  return { stringify: text, parse: (from) => from };
}
