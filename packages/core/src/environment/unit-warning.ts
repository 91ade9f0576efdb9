import type { Lifetime } from "../contract/lifetime.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * Warns of timeouts that look like seconds: a session that is gone after 3.6 seconds is a surprise. Once
 * for each manager, since tests mean what they say.
 */
export class UnitWarning {
  #hasWarned = false;

  check({ idleTimeout, absoluteTimeout }: Lifetime): void {
    this.#checkOne("idleTimeout", idleTimeout);
    this.#checkOne("absoluteTimeout", absoluteTimeout);
  }

  #checkOne(name: string, ms: number | undefined): void {
    if (ms === undefined || ms >= MINUTE || this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      `${name} is ${ms} ms, ${ms / SECOND} seconds. Timeouts are milliseconds: an hour is 3_600_000.`,
      { type: "SessWarning", code: "SESS_SHORT_TIMEOUT" },
    );
  }
}
