import type { SessionRecord } from "@sess/core";
import { broken } from "./broken-store.ts";
import { pause, ReferenceStore } from "./reference-store.ts";

export const listing = [
  broken(
    "leaks sessions of owners with the same beginning",
    "owner",
    [],
    class extends ReferenceStore {
      protected override keys(owner?: string) {
        const { owners } = this.database;
        if (owner === undefined) return super.keys();
        return [...owners.keys()]
          .filter((each) => each.startsWith(owner))
          .flatMap((each) => super.keys(each));
      }
    },
  ),
  broken(
    "takes an owner for a pattern",
    "owner",
    [],
    class extends ReferenceStore {
      protected override keys(owner?: string) {
        if (owner === undefined) return super.keys();
        const escaped = owner.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&");
        const pattern = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("%", ".*")}$`, "s");
        const { owners } = this.database;
        return [...owners.keys()]
          .filter((each) => pattern.test(each))
          .flatMap((each) => super.keys(each));
      }
    },
  ),
  broken(
    "leaves a session with its former owner",
    "owner",
    ["two connections", "order"],
    class extends ReferenceStore {
      protected override unindex() {}
    },
  ),
  broken(
    "notes the owner at the first save only",
    "owner",
    ["two connections"],
    class extends ReferenceStore {
      protected override put(key: string, record: SessionRecord) {
        if (record.revision === 1) super.put(key, record);
        else this.database.records.set(key, record);
      }
    },
  ),
  broken(
    "drops a session from its owner's list when it is touched",
    "owner",
    [],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        const touched = await super.touch(key, expiresAt, revision);
        this.unindex(key);
        return touched;
      }
    },
  ),
  broken(
    "lists what has expired",
    "expiry",
    ["owner"],
    class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const key of this.keys(owner)) {
          await pause();
          this.check();
          const record = this.database.records.get(key);
          if (record) yield [key, { ...record }] as const;
        }
      }
    },
  ),
  broken(
    "lists a page of a thousand and stops",
    "list",
    ["sweep"],
    class extends ReferenceStore {
      protected override keys(owner?: string) {
        return super.keys(owner).slice(0, 1_000);
      }
    },
  ),
  broken(
    "counts its way through a list that changes",
    "list",
    [],
    class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (let at = 0; at < this.keys(owner).length; at += 1) {
          const key = this.keys(owner)[at] ?? "";
          await pause();
          this.check();
          const record = this.live(key);
          if (record) yield [key, { ...record }] as const;
        }
      }
    },
  ),
  broken(
    "lists for as long as its consumer creates",
    "list",
    [],
    class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const key of this.database.records.keys()) {
          this.check();
          const record = this.live(key);
          if (record && (owner ?? record.owner) === record.owner)
            yield [key, { ...record }] as const;
        }
      }
    },
  ),
  broken(
    "keeps one cursor for all listings",
    "list",
    ["closed"],
    class extends ReferenceStore {
      #cursor = 0;

      override async *list(owner?: string) {
        this.#cursor = 0;
        for (const key of this.keys(owner)) {
          this.check();
          await pause();
          if (this.#cursor++ > this.database.records.size) return;
          const record = this.live(key);
          if (record) yield [key, { ...record }] as const;
        }
      }
    },
  ),
  broken(
    "lists all where the owner has no session",
    "missing",
    ["owner", "factory", "order", "two connections"],
    class extends ReferenceStore {
      protected override keys(owner?: string) {
        const own = super.keys(owner);
        return own.length > 0 ? own : super.keys();
      }
    },
  ),
];
