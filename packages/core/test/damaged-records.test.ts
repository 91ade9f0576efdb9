import { describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { clausesOf, failuresOf } from "./broken-stores/failures.ts";
import { ReferenceStore, TestClock } from "./broken-stores/reference-store.ts";

/** Knows of each record whether it is damaged, as one with a checksum does. */
class CheckingStore extends ReferenceStore {
  readonly damaged = new Set<string>();

  override async load(key: string) {
    if (this.damaged.has(key)) throw corrupt();
    return super.load(key);
  }

  override async save(...call: Parameters<ReferenceStore["save"]>) {
    if (this.damaged.has(call[0])) throw corrupt();
    return super.save(...call);
  }

  override async delete(key: string, revision?: number) {
    this.damaged.delete(key);
    return super.delete(key, revision);
  }

  override async *list(owner?: string) {
    for await (const entry of super.list(owner)) if (!this.damaged.has(entry[0])) yield entry;
    if (this.damaged.size > 0) throw corrupt();
  }
}

const corrupt = () => new SessionError("RECORD_CORRUPT", "the checksum is wrong");

function suiteOf(Type: typeof CheckingStore) {
  const clock = new TestClock();
  return failuresOf<CheckingStore>((test) => ({
    test,
    createStore: () => new Type(clock),
    singleProcess: true,
    clock,
    damage: (store, key) => void store.damaged.add(key),
  }));
}

test("a store that notices damage passes", async () => {
  expect(await suiteOf(CheckingStore)).toEqual(new Map());
});

describe("a store fails the clause that", () => {
  test("hands out a damaged record", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override load = ReferenceStore.prototype.load;
      },
    );
    expect(clausesOf(failures)).toEqual(["damaged"]);
  });

  test("ends its list at a damaged record", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override async *list(owner?: string) {
          for await (const entry of super.list(owner)) {
            if (this.damaged.size > 0) throw corrupt();
            yield entry;
          }
        }
      },
    );
    expect(clausesOf(failures)).toEqual(["damaged"]);
  });

  test("passes over a damaged record without a word", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override async *list(owner?: string) {
          yield* ReferenceStore.prototype.list.call(this, owner);
        }
      },
    );
    expect(clausesOf(failures)).toEqual(["damaged"]);
  });

  test("writes over a damaged record", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override async save(...call: Parameters<ReferenceStore["save"]>) {
          this.damaged.delete(call[0]);
          this.remove(call[0]);
          return super.save(...call);
        }
      },
    );
    expect(clausesOf(failures)).toContain("damaged");
  });

  test("cannot delete a damaged record", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override async delete(key: string, revision?: number) {
          if (this.damaged.has(key)) throw corrupt();
          return super.delete(key, revision);
        }
      },
    );
    expect(clausesOf(failures)).toEqual(["damaged"]);
  });

  test("stops its sweep at a damaged record", async () => {
    const failures = await suiteOf(
      class extends CheckingStore {
        override async sweep() {
          if (this.damaged.size > 0) throw corrupt();
          return super.sweep();
        }
      },
    );
    expect(clausesOf(failures)).toEqual(["damaged"]);
  });
});
