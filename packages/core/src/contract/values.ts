/** The shape of a session whose manager was given no types: any key holds anything. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, each value read would need a check.
export type Untyped = Record<string, any>;

/** The keys that a session of this shape can have. */
export type Key<Shape> = keyof Shape & string;
