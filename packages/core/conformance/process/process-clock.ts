/**
 * Takes the place of this process's clock: `Date` follows it, timers run as ever. Until it is set it is
 * the real one.
 */
export class ProcessClock {
  readonly #real = Date.now;
  #now: number | undefined;
  #shift = 0;

  constructor() {
    const now = () => (this.#now ?? this.#real()) + this.#shift;
    Date.now = now;
    globalThis.Date = new Proxy(Date, {
      construct: (target, args, newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: (target) => new target(now()).toString(),
    });
  }

  /** Stops it at `now`, in ms since the epoch; undefined lets it run. `shift` is how wrong it is, in ms. */
  set(now: number | undefined, shift: number): void {
    this.#now = now;
    this.#shift = shift;
  }
}
