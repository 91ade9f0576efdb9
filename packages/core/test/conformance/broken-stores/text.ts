import type { SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore, StoreClass } from "./broken-store.ts";

/** A store that changes all text that it is given, in the same way each time. */
function mangling(change: (text: string) => string): StoreClass {
  return class extends ReferenceStore {
    override save(handle: string, { owner, ...record }: SessionRecord) {
      const changed = { ...record, data: change(record.data) };
      return super.save(
        handle,
        owner === undefined ? changed : { ...changed, owner: change(owner) },
      );
    }

    override list(owner?: string) {
      return super.list(owner === undefined ? undefined : change(owner));
    }
  };
}

/** A store that compares only what `simplify` leaves of an owner. */
function comparingOwners(simplify: (owner: string) => string): StoreClass {
  return class extends ReferenceStore {
    protected override belongs(_: string, record: SessionRecord, owner: string) {
      return record.owner !== undefined && simplify(record.owner) === simplify(owner);
    }
  };
}

/** Cuts text to a number of bytes, like a column of fixed width. */
function cut(text: string, bytes: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text).subarray(0, bytes));
}

export const text: readonly BrokenStore[] = [
  {
    name: "trims text",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => text.trim()),
  },
  {
    name: "converts line endings",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => text.replaceAll("\r\n", "\n")),
  },
  {
    name: "keeps the first line of data only",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => text.split("\n")[0] ?? ""),
  },
  {
    name: "writes Latin-1",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => Buffer.from(text, "latin1").toString("latin1")),
  },
  {
    name: "composes letters",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => text.normalize("NFC")),
  },
  {
    name: "drops a byte order mark",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => new TextDecoder().decode(new TextEncoder().encode(text))),
  },
  {
    name: "decodes percent signs",
    fails: "data",
    mayFail: ["owner"],
    Store: mangling((text) => unescape(text)),
  },
  {
    name: "cuts data at 64 KiB",
    fails: "data",
    mayFail: [],
    Store: mangling((text) => cut(text, 65_536)),
  },
  {
    name: "takes empty data for no record",
    fails: "data",
    mayFail: [],
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        return record?.data ? record : undefined;
      }
    },
  },
  {
    name: "cuts owners at 254 bytes",
    fails: "owner",
    mayFail: [],
    Store: comparingOwners((owner) => cut(owner, 254)),
  },
  {
    name: "compares owners without case",
    fails: "owner",
    mayFail: [],
    Store: comparingOwners((owner) => owner.toLowerCase()),
  },
  {
    name: "compares handles without case",
    fails: "round-trip",
    mayFail: "any",
    Store: class extends ReferenceStore {
      override load(handle: string) {
        return super.load(handle.toLowerCase());
      }

      override save(handle: string, record: SessionRecord) {
        return super.save(handle.toLowerCase(), record);
      }

      override delete(handle: string, revision?: number) {
        return super.delete(handle.toLowerCase(), revision);
      }

      override touch(handle: string, expiresAt: number, revision?: number) {
        return super.touch(handle.toLowerCase(), expiresAt, revision);
      }
    },
  },
];
