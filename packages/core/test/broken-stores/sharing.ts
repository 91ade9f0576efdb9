import type { SessionRecord } from "@sess/core";
import { broken } from "./broken-store.ts";
import { Database, pause, ReferenceStore } from "./reference-store.ts";

const everyone = new Database();

export const sharing = [
  broken(
    "keeps the record that it is handed",
    "copies",
    [],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        this.check();
        await pause();
        if ((this.live(key)?.revision ?? 0) !== record.revision - 1) return false;
        this.put(key, record);
        return true;
      }
    },
  ),
  broken(
    "reads the record that it is handed when its turn comes",
    "copies",
    [],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        await pause();
        return super.save(key, record);
      }
    },
  ),
  broken(
    "hands out the record that it keeps",
    "copies",
    [],
    class extends ReferenceStore {
      override async load(key: string) {
        this.check();
        await pause();
        return this.live(key);
      }
    },
  ),
  broken(
    "lists the records that it keeps",
    "copies",
    [],
    class extends ReferenceStore {
      override async *list(owner?: string) {
        for await (const [key] of super.list(owner)) {
          const record = this.live(key);
          if (record) yield [key, record] as const;
        }
      }
    },
  ),
  broken(
    "writes on the record that it is handed",
    "copies",
    "any",
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        const copy = { ...record };
        Object.assign(record, { key });
        return super.save(key, copy);
      }
    },
  ),
  broken(
    "gives a record of nothing for what is missing",
    "missing",
    "any",
    class extends ReferenceStore {
      override async load(key: string) {
        return (await super.load(key)) ?? { revision: 0, createdAt: 0, expiresAt: 0, data: "" };
      }
    },
  ),
  broken(
    "gives an owner that is undefined to a record without one",
    "round-trip",
    "any",
    class extends ReferenceStore {
      override async load(key: string) {
        const record = await super.load(key);
        if (record && record.owner === undefined) Reflect.set(record, "owner", undefined);
        return record;
      }
    },
  ),
  broken(
    "merges a later record into the former",
    "round-trip",
    ["owner", "expiry"],
    class extends ReferenceStore {
      protected override put(key: string, record: SessionRecord) {
        super.put(key, { ...this.database.records.get(key), ...record });
      }
    },
  ),
  broken(
    "has no isolation between stores",
    "factory",
    "any",
    class extends ReferenceStore {
      constructor(clock: ReferenceStore["clock"]) {
        super(clock, everyone);
      }
    },
  ),
  broken(
    "goes on working when it was closed",
    "closed",
    [],
    class extends ReferenceStore {
      override async close() {}
    },
  ),
  broken(
    "holds nothing when it was closed",
    "closed",
    [],
    class extends ReferenceStore {
      protected override check() {}

      protected override live(key: string) {
        return this.closed ? undefined : super.live(key);
      }
    },
  ),
  broken(
    "closes once only",
    "closed",
    ["two connections"],
    class extends ReferenceStore {
      override async close() {
        this.check();
        this.closed = true;
      }
    },
  ),
  broken(
    "closes all connections with one",
    "two connections",
    [],
    class extends ReferenceStore {
      override async close() {
        Reflect.set(this.database, "closed", true);
      }

      protected override check() {
        this.closed = Reflect.has(this.database, "closed");
        super.check();
      }
    },
  ),
];
