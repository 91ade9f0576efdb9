import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Looks for expired records, lets other calls run, then removes them without another look. */
class TornSweepStore extends ReferenceStore {
  override async sweep() {
    this.check();
    const expired = this.expired();
    await pause();
    await pause();
    for (const handle of expired) this.remove(handle);
    return expired.length;
  }
}

export const removal: readonly BrokenStore[] = [
  {
    name: "ignores the revision of a delete",
    fails: "delete",
    mayFail: ["owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override delete(handle: string) {
        return super.delete(handle);
      }
    },
  },
  {
    name: "resolves every delete to true",
    fails: "missing",
    mayFail: ["delete", "expiry", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        await super.delete(handle, revision);
        return true;
      }
    },
  },
  {
    name: "rejects a delete of what is not there",
    fails: "missing",
    mayFail: "any",
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        if (!(await super.delete(handle, revision))) throw new Error("not found");
        return true;
      }
    },
  },
  {
    name: "keeps a record that is deleted with its revision",
    fails: "delete",
    mayFail: ["parallel", "two connections", "owner", "touch"],
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        if (revision === undefined) return super.delete(handle);
        return (await this.load(handle))?.revision === revision;
      }
    },
  },
  {
    name: "counts the removal of an expired record as that of a live one",
    fails: "expiry",
    mayFail: [],
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        const expired = this.records.has(handle) && this.live(handle) === undefined;
        if (expired) this.remove(handle);
        return expired || super.delete(handle, revision);
      }
    },
  },
  {
    name: "resolves a delete before it has removed the record",
    fails: "order",
    mayFail: "any",
    Store: class extends ReferenceStore {
      protected override remove(handle: string) {
        setImmediate(() => super.remove(handle));
      }
    },
  },
  {
    name: "sweeps the first expired record only",
    fails: "sweep",
    mayFail: ["parallel", "two connections"],
    Store: class extends ReferenceStore {
      protected override expired() {
        return super.expired().slice(0, 1);
      }
    },
  },
  {
    name: "sweeps one batch of a thousand and stops",
    fails: "sweep",
    mayFail: [],
    Store: class extends ReferenceStore {
      protected override expired() {
        return super.expired().slice(0, 1_000);
      }
    },
  },
  {
    name: "sweeps live records too",
    fails: "sweep",
    mayFail: ["owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      protected override expired() {
        return [...this.records.keys()];
      }
    },
  },
  {
    name: "sweeps what was extended since it looked",
    fails: "parallel",
    mayFail: ["two connections", "sweep"],
    Store: TornSweepStore,
  },
  {
    name: "extends what a sweep is removing",
    fails: "parallel",
    mayFail: ["sweep", "two connections"],
    Store: class extends TornSweepStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        this.check();
        const live = this.liveAt(handle, revision);
        await pause();
        if (live === undefined || !this.records.has(handle)) return false;
        this.put(handle, { ...live, expiresAt });
        return true;
      }
    },
  },
  {
    name: "sweeps by the expiry of the first save",
    fails: "sweep",
    mayFail: ["parallel", "two connections", "owner"],
    Store: class extends ReferenceStore {
      readonly #firstExpiries = new Map<string, number>();

      override async save(...call: Parameters<ReferenceStore["save"]>) {
        const [handle, { revision, expiresAt }] = call;
        const saved = await super.save(...call);
        if (saved && revision === 1) this.#firstExpiries.set(handle, expiresAt);
        return saved;
      }

      protected override expired() {
        const never = Number.POSITIVE_INFINITY;
        return [...this.records.keys()].filter(
          (handle) => (this.#firstExpiries.get(handle) ?? never) <= this.now(),
        );
      }
    },
  },
  {
    name: "counts one record too many when it sweeps",
    fails: "sweep",
    mayFail: ["missing"],
    Store: class extends ReferenceStore {
      override async sweep() {
        return (await super.sweep()) + 1;
      }
    },
  },
  {
    name: "resolves every sweep that removed something to 1",
    fails: "sweep",
    mayFail: [],
    Store: class extends ReferenceStore {
      override async sweep() {
        return Math.min(await super.sweep(), 1);
      }
    },
  },
];
