import { broken, mangling } from "./broken-store.ts";
import { ReferenceStore } from "./reference-store.ts";

/** To a number of bytes, as a column of fixed width does. */
function cut(text: string, bytes: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text).subarray(0, bytes));
}

export const text = [
  broken(
    "trims",
    "data",
    ["owner"],
    mangling((text) => text.trim()),
  ),
  broken(
    "turns line feeds",
    "data",
    ["owner"],
    mangling((text) => text.replaceAll("\r\n", "\n")),
  ),
  broken(
    "reads lines of its own format in the data",
    "data",
    ["owner"],
    mangling((text) => text.split("\n")[0] ?? ""),
  ),
  broken(
    "writes Latin-1",
    "data",
    ["owner"],
    mangling((text) => Buffer.from(text, "latin1").toString("latin1")),
  ),
  broken(
    "composes letters",
    "data",
    ["owner"],
    mangling((text) => text.normalize("NFC")),
  ),
  broken(
    "drops a byte order mark",
    "data",
    ["owner"],
    mangling((text) => new TextDecoder().decode(new TextEncoder().encode(text))),
  ),
  broken(
    "decodes per cent signs",
    "data",
    ["owner"],
    mangling((text) => unescape(text)),
  ),
  broken(
    "cuts data at 64 KB",
    "data",
    [],
    mangling((text) => cut(text, 65_536)),
  ),
  broken(
    "cuts owners at 254 bytes",
    "owner",
    [],
    class extends ReferenceStore {
      protected override index(owner: string, key: string) {
        super.index(cut(owner, 254), key);
      }

      protected override keys(owner?: string) {
        return super.keys(owner === undefined ? undefined : cut(owner, 254));
      }
    },
  ),
  broken(
    "takes no empty data",
    "data",
    [],
    class extends ReferenceStore {
      override async load(key: string) {
        const record = await super.load(key);
        return record?.data ? record : undefined;
      }
    },
  ),
  broken(
    "compares owners without case",
    "owner",
    [],
    class extends ReferenceStore {
      protected override index(owner: string, key: string) {
        super.index(owner.toLowerCase(), key);
      }

      protected override keys(owner?: string) {
        return super.keys(owner?.toLowerCase());
      }
    },
  ),
  broken(
    "compares keys without case",
    "round-trip",
    "any",
    class extends ReferenceStore {
      override load(key: string) {
        return super.load(key.toLowerCase());
      }

      override save: ReferenceStore["save"] = (key, record) =>
        super.save(key.toLowerCase(), record);

      override delete(key: string, revision?: number) {
        return super.delete(key.toLowerCase(), revision);
      }

      override touch(key: string, expiresAt: number, revision?: number) {
        return super.touch(key.toLowerCase(), expiresAt, revision);
      }
    },
  ),
];
