import type { Engine } from "../engine/engine.ts";

/** What a write is decided by: a record without its data. */
export interface RecordSummary {
  readonly revision: number;
  readonly expiresAt: number;
  readonly owner?: string | undefined;
}

/** A power of two. All slots together take about half a megabyte. */
const SLOTS = 4096;

/**
 * Summaries of records that were read or written lately, so that a save, which usually follows a load,
 * need not read and verify the record once more.
 *
 * They are exact, because every change of a record passes through here. So nothing is kept where others
 * may write (a database that was passed in) and where a write may overtake a read (an asynchronous one),
 * and everything is forgotten when the database is opened again, which may bring back what was there
 * before a failed write.
 */
export class RecentRecords {
  readonly #isKept: boolean;
  readonly #slots: (Slot | undefined)[] = [];

  constructor(engine: Engine, isSoleWriter: boolean) {
    this.#isKept = isSoleWriter && engine.readsSync;
    if (!this.#isKept) return;
    this.#slots = new Array<undefined>(SLOTS).fill(undefined);
    engine.onReopened(() => this.#slots.fill(undefined));
  }

  /** Undefined if it is not known, which says nothing about whether there is a record. */
  summary(handle: string): RecordSummary | undefined {
    if (!this.#isKept) return undefined;
    const slot = this.#slots[slotOf(handle)];
    return slot?.handle === handle ? slot : undefined;
  }

  /** Notes what is in the database under `handle`; undefined if there is no record any more. */
  note(handle: string, record: RecordSummary | undefined): void {
    if (!this.#isKept) return;
    this.#slots[slotOf(handle)] = record && summaryOf(handle, record);
  }
}

interface Slot extends RecordSummary {
  readonly handle: string;
}

/** Not the record itself, which would keep its data in memory. */
function summaryOf(handle: string, { revision, expiresAt, owner }: RecordSummary): Slot {
  return { handle, revision, expiresAt, owner };
}

/** A handle is a hash already, so its last characters are as good an index as any. */
function slotOf(handle: string): number {
  const end = handle.length;
  const hash =
    handle.charCodeAt(end - 1) +
    37 * handle.charCodeAt(end - 2) +
    37 ** 2 * handle.charCodeAt(end - 3);
  return hash & (SLOTS - 1);
}
