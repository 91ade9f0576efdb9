import type { Engine } from "./engine.ts";

/** What a write is decided by, of a record that has landed. */
export interface Head {
  readonly revision: number;
  readonly expiresAt: number;
  readonly owner?: string | undefined;
}

/** A power of two. All of them take about half a megabyte. */
const SLOTS = 4096;

/**
 * The heads of records that were read or written lately, so that a save, which mostly follows a load,
 * need not read and verify the record once more.
 *
 * Exact, since whatever changes a record passes through here. So it stays empty where others may write
 * (a database that was passed in) and where a read may be overtaken by a write (an asynchronous one);
 * and it forgets everything when the database is reopened, which may bring back what was there before
 * a failed write.
 */
export class Heads {
  readonly #engine: Engine;
  readonly #isOn: boolean;
  readonly #slots: (Slot | undefined)[] = [];
  #reopened = 0;

  constructor(engine: Engine, isSoleWriter: boolean) {
    this.#engine = engine;
    this.#isOn = isSoleWriter && engine.readsSync;
    if (this.#isOn) this.#slots = new Array<undefined>(SLOTS).fill(undefined);
  }

  /** Undefined where it is not known, which says nothing about whether there is a record. */
  get(handle: string): Head | undefined {
    if (!this.#isOn) return undefined;
    this.#follow();
    const slot = this.#slots[slotOf(handle)];
    return slot?.handle === handle ? slot : undefined;
  }

  /** `head` is what has landed, undefined where there is no record any more. */
  set(handle: string, head: Head | undefined): void {
    if (!this.#isOn) return;
    this.#follow();
    this.#slots[slotOf(handle)] = head && new Slot(handle, head);
  }

  #follow(): void {
    if (this.#reopened === this.#engine.reopened) return;
    this.#reopened = this.#engine.reopened;
    this.#slots.fill(undefined);
  }
}

/** Not the record itself, which would keep its data in memory. */
class Slot implements Head {
  readonly handle: string;
  readonly revision: number;
  readonly expiresAt: number;
  readonly owner: string | undefined;

  constructor(handle: string, { revision, expiresAt, owner }: Head) {
    this.handle = handle;
    this.revision = revision;
    this.expiresAt = expiresAt;
    this.owner = owner;
  }
}

/** A handle is a hash already: its end is as good an index as any. */
function slotOf(handle: string): number {
  const end = handle.length;
  const last = handle.charCodeAt(end - 1) + 37 * handle.charCodeAt(end - 2);
  return (last + 1369 * handle.charCodeAt(end - 3)) & (SLOTS - 1);
}
