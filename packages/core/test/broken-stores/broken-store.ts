import { type Database, ReferenceStore } from "./reference-store.ts";

type StoreClass = new (clock: ReferenceStore["clock"], database?: Database) => ReferenceStore;

/** A store that breaks the contract in one way. */
export interface BrokenStore {
  /** What it does wrong. */
  readonly name: string;
  /** The clause that must fail. */
  readonly own: string;
  /** Those in which the same fault may show as well. */
  readonly also: readonly string[] | "any";
  readonly Store: StoreClass;
}

export function broken(
  name: string,
  own: string,
  also: BrokenStore["also"],
  Store: StoreClass,
): BrokenStore {
  return { name, own, also, Store };
}

/** Every record is read and written through a way that changes it. */
export function mangling(change: (text: string) => string): StoreClass {
  return class extends ReferenceStore {
    override save: ReferenceStore["save"] = (key, { owner, ...record }) => {
      const changed = { ...record, data: change(record.data) };
      return super.save(key, owner === undefined ? changed : { ...changed, owner: change(owner) });
    };

    override list(owner?: string) {
      return super.list(owner === undefined ? undefined : change(owner));
    }
  };
}
