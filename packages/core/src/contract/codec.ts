/**
 * Turns a value into text and back. `JSON`, `devalue` and `superjson` have this shape.
 */
export interface Codec {
  /** The text must be well-formed Unicode and contain no raw line feed, tab or NUL. */
  stringify(value: unknown): string;
  /** Throws for text that `stringify` cannot have written. */
  parse(text: string): unknown;
}
