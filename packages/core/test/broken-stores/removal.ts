import { broken } from "./broken-store.ts";
import { pause, ReferenceStore } from "./reference-store.ts";

export const removal = [
  broken(
    "ignores the revision of a delete",
    "delete",
    ["owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override delete(key: string) {
        return super.delete(key);
      }
    },
  ),
  broken(
    "says of every delete that it removed",
    "missing",
    ["delete", "expiry", "parallel", "two connections"],
    class extends ReferenceStore {
      override async delete(key: string, revision?: number) {
        await super.delete(key, revision);
        return true;
      }
    },
  ),
  broken(
    "rejects a delete of what is not there",
    "missing",
    "any",
    class extends ReferenceStore {
      override async delete(key: string, revision?: number) {
        if (!(await super.delete(key, revision))) throw new Error("not found");
        return true;
      }
    },
  ),
  broken(
    "keeps the record when it is deleted with its revision",
    "delete",
    ["parallel", "two connections", "owner", "touch"],
    class extends ReferenceStore {
      override async delete(key: string, revision?: number) {
        if (revision === undefined) return super.delete(key);
        return (await this.load(key))?.revision === revision;
      }
    },
  ),
  broken(
    "counts the removal of an expired record as one of a live one",
    "expiry",
    [],
    class extends ReferenceStore {
      override async delete(key: string, revision?: number) {
        const there = this.database.records.has(key);
        const expired = there && this.live(key) === undefined;
        if (expired) this.remove(key);
        return expired || super.delete(key, revision);
      }
    },
  ),
  broken(
    "sweeps the first expired record only",
    "sweep",
    ["parallel", "two connections"],
    class extends ReferenceStore {
      override async sweep() {
        this.check();
        const expired = this.keys().find((key) => this.live(key) === undefined);
        if (expired !== undefined) this.remove(expired);
        return expired === undefined ? 0 : 1;
      }
    },
  ),
  broken(
    "sweeps one step of a thousand and stops",
    "sweep",
    [],
    class extends ReferenceStore {
      override async sweep() {
        this.check();
        const expired = this.keys().filter((key) => this.live(key) === undefined);
        for (const key of expired.slice(0, 1_000)) this.remove(key);
        return Math.min(expired.length, 1_000);
      }
    },
  ),
  broken(
    "sweeps live records too",
    "sweep",
    ["owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async sweep() {
        this.check();
        const keys = this.keys();
        for (const key of keys) this.remove(key);
        return keys.length;
      }
    },
  ),
  broken(
    "sweeps what was refreshed since it looked",
    "parallel",
    ["two connections", "sweep"],
    class extends ReferenceStore {
      override async sweep() {
        this.check();
        const expired = this.keys().filter((key) => this.live(key) === undefined);
        await pause();
        await pause();
        for (const key of expired) this.remove(key);
        return expired.length;
      }
    },
  ),
  broken(
    "extends what a sweep is removing",
    "parallel",
    ["sweep", "two connections"],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        this.check();
        const record = this.live(key);
        await pause();
        if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
        if (!this.database.records.has(key)) return false;
        this.put(key, { ...record, expiresAt });
        return true;
      }

      override async sweep() {
        this.check();
        const expired = this.keys().filter((key) => this.live(key) === undefined);
        await pause();
        await pause();
        for (const key of expired) this.remove(key);
        return expired.length;
      }
    },
  ),
  broken(
    "sweeps by the expiry of the first save",
    "sweep",
    ["parallel", "two connections", "owner"],
    class extends ReferenceStore {
      override async sweep() {
        this.check();
        const due = this.keys().filter((key) => this.#due(key) <= this.clock.now);
        for (const key of due) this.remove(key);
        return due.length;
      }

      override async save(...call: Parameters<ReferenceStore["save"]>) {
        const [key, { revision, expiresAt }] = call;
        const saved = await super.save(...call);
        if (saved && revision === 1) this.#firsts.set(key, expiresAt);
        return saved;
      }

      readonly #firsts = new Map<string, number>();

      #due(key: string): number {
        return this.#firsts.get(key) ?? Number.POSITIVE_INFINITY;
      }
    },
  ),
  broken(
    "counts one too many",
    "sweep",
    ["missing"],
    class extends ReferenceStore {
      override async sweep() {
        return (await super.sweep()) + 1;
      }
    },
  ),
  broken(
    "resolves a delete before it has removed",
    "order",
    "any",
    class extends ReferenceStore {
      protected override remove(key: string) {
        setImmediate(() => super.remove(key));
      }
    },
  ),
  broken(
    "sweeps without counting",
    "sweep",
    [],
    class extends ReferenceStore {
      override async sweep() {
        return (await super.sweep()) && 1;
      }
    },
  ),
];
