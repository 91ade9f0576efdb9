import { shownName } from "../adapter/shown-name.ts";
import { SessionError } from "../contract/errors.ts";

interface StaleValue {
  readonly key: string;
  readonly value: WeakRef<object>;
  readonly isChanged: (value: object) => boolean;
}

/**
 * Objects that were handed out and then replaced by newer stored values. Nothing saves them any more, so
 * a change of one would be lost in silence. Watched weakly: most are garbage by then.
 */
export class StaleValues {
  #values: StaleValue[] = [];

  /** `isChanged` tells whether the object has been changed since it was replaced. */
  watch(key: string, value: object, isChanged: (value: object) => boolean): void {
    this.#values.push({ key, value: new WeakRef(value), isChanged });
  }

  /** The key has been set or deleted: what was handed out for it no longer matters. */
  forget(key: string): void {
    this.#values = this.#values.filter((stale) => stale.key !== key);
  }

  /** Whether one has been changed. */
  get hasChanged(): boolean {
    return this.#values.some(isChanged);
  }

  /**
   * Tells of a change once, and forgets it.
   *
   * @throws SESSION_CONFLICT if one has been changed, naming its key.
   */
  assertUnchanged(): void {
    for (const stale of this.#values) {
      if (!isChanged(stale)) continue;
      this.#values = this.#values.filter((other) => other !== stale);
      throw new SessionError(
        "SESSION_CONFLICT",
        `The object under ${shownName(stale.key)} was changed after another request had saved a newer one, so the change cannot be saved. Get the value again and change that, or use session.update().`,
      );
    }
    this.#values = this.#values.filter(({ value }) => value.deref() !== undefined);
  }
}

function isChanged(stale: StaleValue): boolean {
  const value = stale.value.deref();
  return value !== undefined && stale.isChanged(value);
}
