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

export const sweeping: readonly BrokenStore[] = [
  {
    name: "sweeps the first expired record only",
    sentence: 16,
    Store: class extends ReferenceStore {
      protected override expired() {
        return super.expired().slice(0, 1);
      }
    },
  },
  {
    name: "sweeps one batch of a thousand and stops",
    sentence: 16,
    Store: class extends ReferenceStore {
      protected override expired() {
        return super.expired().slice(0, 1_000);
      }
    },
  },
  {
    name: "sweeps live records too",
    sentence: 16,
    Store: class extends ReferenceStore {
      protected override expired() {
        return [...this.records.keys()];
      }
    },
  },
  {
    name: "sweeps what was extended since it looked",
    sentence: 16,
    Store: TornSweepStore,
  },
  {
    name: "extends what a sweep is removing",
    sentence: 16,
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
    sentence: 16,
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
    sentence: 16,
    Store: class extends ReferenceStore {
      override async sweep() {
        return (await super.sweep()) + 1;
      }
    },
  },
  {
    name: "resolves every sweep that removed something to 1",
    sentence: 16,
    Store: class extends ReferenceStore {
      override async sweep() {
        return Math.min(await super.sweep(), 1);
      }
    },
  },
  {
    name: "sweeps what expires within the next minute too",
    sentence: 16,
    Store: class extends ReferenceStore {
      protected override expired() {
        const soon = this.now() + 60_000;
        return [...this.records].flatMap(([handle, { expiresAt }]) =>
          expiresAt <= soon ? handle : [],
        );
      }
    },
  },
  {
    name: "sweeps all sessions of an owner one of whose has expired",
    sentence: 16,
    Store: class extends ReferenceStore {
      protected override expired() {
        const expired = super.expired();
        const owners = new Set(expired.map((handle) => this.records.get(handle)?.owner));
        owners.delete(undefined);
        const theirs = [...this.records].flatMap(([handle, { owner }]) =>
          owners.has(owner) ? handle : [],
        );
        return [...new Set([...expired, ...theirs])];
      }
    },
  },
  {
    name: "counts records again that another sweep is removing",
    sentence: 16,
    Store: class extends ReferenceStore {
      override async sweep() {
        this.check();
        const expired = this.expired();
        await pause();
        for (const handle of expired) {
          if (this.unexpired(handle) === undefined) this.remove(handle);
        }
        return expired.length;
      }
    },
  },
];
