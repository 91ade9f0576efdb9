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
    sentence: 3,
    Store: mangling((text) => text.trim()),
  },
  {
    name: "converts line endings",
    sentence: 3,
    Store: mangling((text) => text.replaceAll("\r\n", "\n")),
  },
  {
    name: "keeps the first line of data only",
    sentence: 3,
    Store: mangling((text) => text.split("\n")[0] ?? ""),
  },
  {
    name: "writes Latin-1",
    sentence: 3,
    Store: mangling((text) => Buffer.from(text, "latin1").toString("latin1")),
  },
  {
    name: "composes letters",
    sentence: 3,
    Store: mangling((text) => text.normalize("NFC")),
  },
  {
    name: "drops a byte order mark",
    sentence: 3,
    Store: mangling((text) => new TextDecoder().decode(new TextEncoder().encode(text))),
  },
  {
    name: "decodes percent signs",
    sentence: 3,
    Store: mangling((text) => unescape(text)),
  },
  {
    name: "cuts data at 64 KiB",
    sentence: 3,
    Store: mangling((text) => cut(text, 65_536)),
  },
  {
    name: "takes empty data for no record",
    sentence: 3,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        return record?.data ? record : undefined;
      }
    },
  },
  {
    name: "cuts owners at 254 bytes",
    sentence: 3,
    Store: comparingOwners((owner) => cut(owner, 254)),
  },
  {
    name: "compares owners without case",
    sentence: 3,
    Store: comparingOwners((owner) => owner.toLowerCase()),
  },
  {
    name: "keeps characters of up to three bytes only",
    sentence: 3,
    Store: mangling((text) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, "?")),
  },
  {
    name: "removes control characters",
    sentence: 3,
    Store: mangling((text) => text.replaceAll(/(?![\t\n\r])\p{Cc}/gu, "")),
  },
  {
    name: "escapes quotes and does not undo it",
    sentence: 3,
    Store: mangling((text) => text.replaceAll("'", "''")),
  },
  {
    name: "reads two backslashes as one",
    sentence: 3,
    Store: mangling((text) => text.replaceAll("\\\\", "\\").replaceAll("\\'", "'")),
  },
  {
    name: "compares owners without spaces at their ends",
    sentence: 3,
    Store: comparingOwners((owner) => owner.trimEnd()),
  },
  {
    name: "compares owners in their compatible forms",
    sentence: 3,
    Store: comparingOwners((owner) => owner.normalize("NFKC")),
  },
  {
    name: "compares owners without accents",
    sentence: 3,
    Store: comparingOwners((owner) => owner.normalize("NFD").replaceAll(/\p{M}/gu, "")),
  },
  {
    name: "compares owners that are numbers as numbers",
    sentence: 3,
    Store: comparingOwners((owner) => (Number.isNaN(Number(owner)) ? owner : `${Number(owner)}`)),
  },
  {
    name: "keeps owners as properties of an object",
    sentence: 3,
    Store: class extends ReferenceStore {
      protected override belongs(_: string, record: SessionRecord, owner: string) {
        return !(owner in {}) && record.owner === owner;
      }
    },
  },
  {
    name: "cuts owners at 191 characters",
    sentence: 3,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        const { owner } = record;
        super.put(handle, owner === undefined ? record : { ...record, owner: owner.slice(0, 191) });
      }
    },
  },
];
