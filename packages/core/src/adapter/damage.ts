import { SessionError } from "../contract/errors.ts";
import { causeOf } from "./faults.ts";

/**
 * The error for a record that cannot be read. `why` completes "The record of ~… cannot be read: …";
 * `error` is what the engine threw, if it was the engine that could not read it.
 */
export function damagedRecord(handle: string, why: string, error?: unknown): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `The record of ${handle} cannot be read: ${why}. It stays where it is; delete it to end the session, or restore a backup.`,
    error === undefined ? undefined : { cause: causeOf(error) },
  );
}

/** Collects the damaged records that a list skips, to report them once all others have been yielded. */
export class DamageReport {
  #count = 0;
  #first: SessionError | undefined;

  /**
   * Notes a damaged record.
   *
   * @throws `error` itself if it is anything but RECORD_CORRUPT.
   */
  add(error: unknown): void {
    if (!(error instanceof SessionError && error.code === "RECORD_CORRUPT")) throw error;
    this.#count += 1;
    this.#first ??= error;
  }

  /** @throws RECORD_CORRUPT if any record was damaged, with the first one's error as the cause. */
  throwIfAny(): void {
    if (this.#first === undefined) return;
    const were = this.#count === 1 ? "1 damaged record was" : `${this.#count} damaged records were`;
    throw new SessionError(
      "RECORD_CORRUPT",
      `${were} skipped; the cause names the first. They stay where they are: delete them to end the sessions, or restore a backup.`,
      { cause: this.#first },
    );
  }
}
