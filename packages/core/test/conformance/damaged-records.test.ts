import { expect, test } from "@jest/globals";
import { SessionError, type SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import { clausesOf, type Failures, failuresOf, TestClock } from "./run-suite.ts";

/** Knows which records are damaged, as an engine with checksums does. */
class CheckingStore extends ReferenceStore {
  readonly damaged = new Set<string>();

  override async load(handle: string) {
    this.checkIntact(handle);
    return super.load(handle);
  }

  override async save(handle: string, record: SessionRecord) {
    this.checkIntact(handle);
    return super.save(handle, record);
  }

  override async delete(handle: string, revision?: number) {
    this.damaged.delete(handle);
    return super.delete(handle, revision);
  }

  override async *list(owner?: string) {
    for await (const [handle, record] of super.list(owner)) {
      if (!this.damaged.has(handle)) yield [handle, record] as const;
    }
    if (this.damaged.size > 0) throw corrupt();
  }

  protected override expired() {
    return super.expired().filter((handle) => !this.damaged.has(handle));
  }

  protected checkIntact(handle: string): void {
    if (this.damaged.has(handle)) throw corrupt();
  }
}

const corrupt = () => new SessionError("RECORD_CORRUPT", "The checksum is wrong.");

function failuresOfDamaged(StoreClass: typeof CheckingStore): Promise<Failures> {
  const clock = new TestClock();
  return failuresOf<CheckingStore>((test) => ({
    test,
    clock,
    createStore: () => new StoreClass({ now: clock.now }),
    singleProcess: true,
    damage: (store, handle) => void store.damaged.add(handle),
  }));
}

test("a store that notices damage passes", async () => {
  expect(await failuresOfDamaged(CheckingStore)).toEqual(new Map());
});

test.each<{ name: string; Store: typeof CheckingStore }>([
  {
    name: "loads a damaged record",
    Store: class extends CheckingStore {
      override load = ReferenceStore.prototype.load;
    },
  },
  {
    name: "writes over a damaged record",
    Store: class extends CheckingStore {
      override async save(handle: string, record: SessionRecord) {
        if (this.damaged.delete(handle)) this.remove(handle);
        return super.save(handle, record);
      }
    },
  },
  {
    name: "cannot delete a damaged record",
    Store: class extends CheckingStore {
      override async delete(handle: string, revision?: number) {
        this.checkIntact(handle);
        return super.delete(handle, revision);
      }
    },
  },
  {
    name: "ends its list at a damaged record",
    Store: class extends CheckingStore {
      override async *list(owner?: string) {
        for await (const entry of super.list(owner)) {
          if (this.damaged.size > 0) throw corrupt();
          yield entry;
        }
      }
    },
  },
  {
    name: "lists a damaged record",
    Store: class extends CheckingStore {
      override list = ReferenceStore.prototype.list;
    },
  },
  {
    name: "leaves a damaged record out of its list in silence",
    Store: class extends CheckingStore {
      override async *list(owner?: string) {
        for await (const [handle, record] of ReferenceStore.prototype.list.call(this, owner)) {
          if (!this.damaged.has(handle)) yield [handle, record] as const;
        }
      }
    },
  },
  {
    name: "stops its sweep at a damaged record",
    Store: class extends CheckingStore {
      override async sweep() {
        if (this.damaged.size > 0) throw corrupt();
        return super.sweep();
      }
    },
  },
])("a store that $name fails the clause", async ({ Store }) => {
  expect(clausesOf(await failuresOfDamaged(Store))).toEqual(["damaged"]);
});
