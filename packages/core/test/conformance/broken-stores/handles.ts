import type { SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore, StoreClass } from "./broken-store.ts";

/** A store that files a session under what `change` makes of its handle. */
function filingUnder(change: (handle: string) => string): StoreClass {
  return class extends ReferenceStore {
    override load(handle: string) {
      return super.load(change(handle));
    }

    override save(handle: string, record: SessionRecord) {
      return super.save(change(handle), record);
    }

    override delete(handle: string, revision?: number) {
      return super.delete(change(handle), revision);
    }

    override touch(handle: string, expiresAt: number, revision?: number) {
      return super.touch(change(handle), expiresAt, revision);
    }
  };
}

export const handles: readonly BrokenStore[] = [
  {
    name: "compares handles without case",
    sentence: 1,
    Store: filingUnder((handle) => handle.toLowerCase()),
  },
  {
    name: "cuts the last character of a handle off",
    sentence: 1,
    Store: filingUnder((handle) => handle.slice(0, 43)),
  },
  {
    name: "takes - and _ in handles for one another",
    sentence: 1,
    Store: filingUnder((handle) => handle.replaceAll("-", "_")),
  },
  {
    name: "takes _ in a handle for any character",
    sentence: 1,
    Store: class extends ReferenceStore {
      override load(handle: string) {
        const pattern = new RegExp(`^${handle.replaceAll("_", ".")}$`);
        const found = [...this.records.keys()].find((each) => pattern.test(each));
        return super.load(found ?? handle);
      }
    },
  },
  {
    name: "keeps the newest record of all handles under each",
    sentence: 1,
    Store: class extends ReferenceStore {
      #newest = "";

      override load(handle: string) {
        return super.load(this.records.has(handle) ? this.#newest : handle);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#newest = handle;
        super.put(handle, record);
      }
    },
  },
];
