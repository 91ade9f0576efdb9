/**
 * Turns a value into text and back. `JSON`, `devalue` and `superjson` have this shape. The text must
 * be well-formed and hold no raw line feed, tab or NUL.
 */
export interface Codec {
  stringify(value: unknown): string;
  parse(text: string): unknown;
}
