import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Has a clock of its own and asks another one, that of the process, where it should not. */
class TwoClockStore extends ReferenceStore {
  #usesProcessClock = false;

  /** Runs a call by the clock of the process. */
  protected async byProcessClock<T>(call: () => Promise<T>): Promise<T> {
    this.#usesProcessClock = true;
    const running = call();
    await pause();
    await pause();
    this.#usesProcessClock = false;
    return running;
  }

  protected override isPast(instant: number) {
    return this.#usesProcessClock ? instant <= Date.now() : super.isPast(instant);
  }
}

export const clocks: readonly BrokenStore[] = [
  {
    name: "goes by the clock of the process when it loads",
    sentence: 2,
    Store: class extends TwoClockStore {
      override load(handle: string) {
        return this.byProcessClock(() => super.load(handle));
      }
    },
  },
  {
    name: "goes by the clock of the process when it saves",
    sentence: 10,
    Store: class extends TwoClockStore {
      override save(handle: string, record: SessionRecord) {
        return this.byProcessClock(() => super.save(handle, record));
      }
    },
  },
  {
    name: "goes by the clock of the process when it deletes",
    sentence: 12,
    Store: class extends TwoClockStore {
      override delete(handle: string, revision?: number) {
        return this.byProcessClock(() => super.delete(handle, revision));
      }
    },
  },
  {
    name: "goes by the clock of the process when it touches",
    sentence: 13,
    Store: class extends TwoClockStore {
      override touch(handle: string, expiresAt: number, revision?: number) {
        return this.byProcessClock(() => super.touch(handle, expiresAt, revision));
      }
    },
  },
  {
    name: "goes by the clock of the process when it sweeps",
    sentence: 16,
    Store: class extends TwoClockStore {
      override sweep() {
        return this.byProcessClock(() => super.sweep());
      }
    },
  },
  {
    name: "filters its list by the clock of the process",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const [handle, record] of [...this.records]) {
          await pause();
          this.check();
          if (record.expiresAt <= Date.now() || !this.records.has(handle)) continue;
          if (owner === undefined || record.owner === owner) yield [handle, { ...record }] as const;
        }
      }
    },
  },
];
