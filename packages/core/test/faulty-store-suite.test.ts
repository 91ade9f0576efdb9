import { expect, test } from "@jest/globals";
import { FaultyStore } from "@sess/core/conformance";
import type { BrokenStore } from "./broken-stores/broken-store.ts";
import { failuresOf } from "./broken-stores/failures.ts";
import { ReferenceStore, TestClock } from "./broken-stores/reference-store.ts";
import { sharing } from "./broken-stores/sharing.ts";

/** The sentences that a store breaks, on its own and behind a faulty store that has no fault. */
async function verdicts(Type: BrokenStore["Store"]) {
  const clock = new TestClock();
  const alone = await failuresOf<ReferenceStore>((test) => ({
    test,
    createStore: () => new Type(clock),
    connect: (store) => new Type(clock, store.database),
    clock,
  }));
  const behind = await failuresOf<FaultyStore<ReferenceStore>>((test) => ({
    test,
    createStore: () => new FaultyStore(new Type(clock)),
    connect: ({ store }) => new FaultyStore(new Type(clock, store.database)),
    clock,
  }));
  return { alone: [...alone.keys()], behind: [...behind.keys()] };
}

test("a store that keeps the contract keeps it behind a faulty store that has no fault", async () => {
  expect(await verdicts(ReferenceStore)).toEqual({ alone: [], behind: [] });
});

// What a wrapper would hide that copies, or asks the store later.
const copying = sharing.filter(({ own }) => own === "copies");

test.each(copying)("a store that $name breaks the same sentences there", async ({ Store }) => {
  const { alone, behind } = await verdicts(Store);
  expect(alone).not.toEqual([]);
  expect(behind).toEqual(alone);
});
