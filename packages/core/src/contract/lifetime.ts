/** How long a session lives. */
export interface Lifetime {
  /**
   * Milliseconds that a session lives without being saved or touched.
   * @default 86_400_000 (24 hours)
   */
  idleTimeout?: number;
  /**
   * Milliseconds that a session lives at all, however much it is used.
   * @default 2_592_000_000 (30 days)
   */
  absoluteTimeout?: number;
}
