import { expect, test } from "@jest/globals";
import { FaultyStore } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { StoreClass } from "./broken-stores/broken-store.ts";
import { sharing } from "./broken-stores/sharing.ts";
import { failuresOf, failuresOfClass, optionsFor } from "./run-suite.ts";

/** The names of the cases that fail for a store alone, and behind a FaultyStore without faults. */
async function failedCases(StoreClass: StoreClass) {
  const alone = await failuresOfClass(StoreClass);
  const wrapped = await failuresOf<FaultyStore<ReferenceStore>>((test) => {
    const { clock, createStore, connect, reopen, damage, fail } = optionsFor(StoreClass)(test);
    return {
      test,
      clock,
      createStore: () => new FaultyStore(createStore()),
      connect: ({ store }) => new FaultyStore(connect(store)),
      reopen: ({ store }) => new FaultyStore(reopen(store)),
      damage: ({ store }, handle) => damage(store, handle),
      fail: ({ store }) => fail(store),
    };
  });
  return { alone: [...alone.keys()], wrapped: [...wrapped.keys()] };
}

test("a FaultyStore without faults keeps the contract if its store does", async () => {
  expect(await failedCases(ReferenceStore)).toEqual({ alone: [], wrapped: [] });
});

// A wrapper that copies records, or asks the store later, would hide these faults.
const copying = sharing.filter(({ sentence }) => sentence === 4);

test.each(copying)(
  "a FaultyStore fails the same cases as a store that $name",
  async ({ Store }) => {
    const { alone, wrapped } = await failedCases(Store);
    expect(alone).not.toEqual([]);
    expect(wrapped).toEqual(alone);
  },
);
