import { broken } from "./broken-store.ts";
import { pause, ReferenceStore } from "./reference-store.ts";

const YEAR = 365 * 24 * 3_600_000;

export const lifetime = [
  broken(
    "ignores expiry",
    "expiry",
    ["owner", "touch", "sweep", "parallel", "two connections"],
    class extends ReferenceStore {
      protected override live(key: string) {
        return this.database.records.get(key);
      }
    },
  ),
  broken(
    "lets a record live at its expiry",
    "expiry",
    ["owner", "touch", "sweep", "parallel", "two connections"],
    class extends ReferenceStore {
      protected override live(key: string) {
        const record = this.database.records.get(key);
        return record && record.expiresAt >= this.clock.now ? record : undefined;
      }
    },
  ),
  broken(
    "lets a record die a millisecond early",
    "expiry",
    ["parallel", "two connections", "sweep"],
    class extends ReferenceStore {
      protected override live(key: string) {
        const record = this.database.records.get(key);
        return record && record.expiresAt > this.clock.now + 1 ? record : undefined;
      }
    },
  ),
  broken(
    "knows no expiry beyond a year",
    "expiry",
    ["round-trip"],
    class extends ReferenceStore {
      protected override live(key: string) {
        const record = super.live(key);
        return record && record.expiresAt - this.clock.now < YEAR ? record : undefined;
      }
    },
  ),
  broken(
    "filters expired records in load alone",
    "expiry",
    ["owner", "touch", "sweep", "parallel", "two connections"],
    class extends ReferenceStore {
      override async load(key: string) {
        const record = await super.load(key);
        return record && record.expiresAt > this.clock.now ? record : undefined;
      }

      protected override live(key: string) {
        return this.database.records.get(key);
      }
    },
  ),
  broken(
    "rounds times to seconds",
    "round-trip",
    ["expiry", "touch", "order", "parallel", "two connections", "sweep", "list"],
    class extends ReferenceStore {
      override async load(key: string) {
        const record = await super.load(key);
        return record && { ...record, createdAt: Math.floor(record.createdAt / 1_000) * 1_000 };
      }
    },
  ),
  broken(
    "revives on touch",
    "touch",
    ["expiry", "missing", "parallel", "two connections"],
    class extends ReferenceStore {
      readonly #old = this.database.records;

      override async touch(key: string, expiresAt: number) {
        this.check();
        await pause();
        const now = this.clock.now;
        const empty = { revision: 1, createdAt: now, data: "" };
        this.put(key, { ...(this.#old.get(key) ?? empty), expiresAt });
        return true;
      }
    },
  ),
  broken(
    "writes back old data on touch",
    "parallel",
    ["two connections"],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        this.check();
        const record = this.live(key);
        await pause();
        if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
        this.put(key, { ...record, expiresAt });
        return true;
      }
    },
  ),
  broken(
    "forgets the owner on touch",
    "touch",
    ["owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        const touched = await super.touch(key, expiresAt, revision);
        const record = this.live(key);
        if (touched && record) {
          const { owner: _, ...rest } = record;
          this.put(key, rest);
        }
        return touched;
      }
    },
  ),
  broken(
    "touches whatever revision is there",
    "touch",
    [],
    class extends ReferenceStore {
      override touch(key: string, expiresAt: number) {
        return super.touch(key, expiresAt);
      }
    },
  ),
  broken(
    "moves the expiry ahead only",
    "touch",
    ["sweep", "owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        const later = Math.max(expiresAt, this.live(key)?.expiresAt ?? 0);
        return super.touch(key, later, revision);
      }
    },
  ),
];
