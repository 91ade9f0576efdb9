import { beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";
import { atomicity } from "./broken-stores/atomicity.ts";
import { closing } from "./broken-stores/closing.ts";
import { lifetime } from "./broken-stores/lifetime.ts";
import { listing } from "./broken-stores/listing.ts";
import { removal } from "./broken-stores/removal.ts";
import { revision } from "./broken-stores/revision.ts";
import { sharing } from "./broken-stores/sharing.ts";
import { text } from "./broken-stores/text.ts";
import { clausesOf, type Failures, failuresOfClass } from "./run-suite.ts";

const stores = [revision, atomicity, lifetime, removal, listing, sharing, closing, text].flat();

test("a store that keeps the contract passes", async () => {
  expect(await failuresOfClass(ReferenceStore)).toEqual(new Map());
});

describe("a broken store", () => {
  const failures = new Map<string, Failures>();

  beforeAll(async () => {
    for (const { name, Store } of stores) failures.set(name, await failuresOfClass(Store));
  }, 240_000);

  test.each(stores)("that $name fails its own clause and no unrelated one", (store) => {
    const { name, fails, mayFail } = store;
    const failed = clausesOf(failures.get(name) ?? new Map());
    expect(failed).toContain(fails);
    // The model makes every kind of call, so any fault may show there.
    const related = mayFail === "any" ? failed : [fails, "model", ...mayFail];
    expect(failed.filter((clause) => !related.includes(clause))).toEqual([]);
  });

  test("exists for every rule of the suite", () => {
    const rules: string[] = [];
    const createStore = () => new ReferenceStore();
    testStore({ test: (name) => rules.push(name), createStore, connect: createStore });
    const broken = new Set([...failures.values()].flatMap((each) => [...each.keys()]));
    const unbroken = rules.filter((name) => !name.includes("skipped") && !broken.has(name));
    expect(unbroken).toEqual([]);
  });
});
