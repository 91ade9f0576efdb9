import { beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { atomicity } from "./broken-stores/atomicity.ts";
import { clausesOf, failuresOf } from "./broken-stores/failures.ts";
import { lifetime } from "./broken-stores/lifetime.ts";
import { listing } from "./broken-stores/listing.ts";
import { ReferenceStore, TestClock } from "./broken-stores/reference-store.ts";
import { removal } from "./broken-stores/removal.ts";
import { revision } from "./broken-stores/revision.ts";
import { sharing } from "./broken-stores/sharing.ts";
import { text } from "./broken-stores/text.ts";

const stores = [revision, atomicity, lifetime, removal, listing, sharing, text].flat();

function suiteOf(Type: typeof ReferenceStore) {
  const clock = new TestClock();
  return failuresOf<ReferenceStore>((test) => ({
    test,
    createStore: () => new Type(clock),
    connect: (store) => new Type(clock, store.database),
    clock,
  }));
}

test("a store that keeps the contract passes", async () => {
  expect(await suiteOf(ReferenceStore)).toEqual(new Map());
});

describe("a broken store", () => {
  const failures = new Map<string, ReadonlyMap<string, unknown>>();

  beforeAll(async () => {
    for (const { name, Store } of stores) failures.set(name, await suiteOf(Store));
  }, 240_000);

  test.each(stores)("that $name fails its own clause and no unrelated one", (store) => {
    const { name, own, also } = store;
    const failed = clausesOf(failures.get(name) ?? new Map());
    expect(failed).toContain(own);
    // "model" draws every call there is, so any fault may show in it.
    const related = also === "any" ? failed : [own, "model", ...also];
    expect(failed.filter((clause) => !related.includes(clause))).toEqual([]);
  });

  test("is there for each sentence of the suite", () => {
    const sentences: string[] = [];
    const createStore = () => new ReferenceStore(new TestClock());
    testStore({ test: (name) => sentences.push(name), createStore, connect: createStore });
    const broken = new Set([...failures.values()].flatMap((each) => [...each.keys()]));
    const unbroken = sentences.filter((name) => !name.includes("skipped") && !broken.has(name));
    expect(unbroken).toEqual([]);
  });
});
