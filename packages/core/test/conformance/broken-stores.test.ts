import { beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";
import { answers } from "./broken-stores/answers.ts";
import { atomicity } from "./broken-stores/atomicity.ts";
import { clocks } from "./broken-stores/clocks.ts";
import { closing } from "./broken-stores/closing.ts";
import { connecting } from "./broken-stores/connecting.ts";
import { damage } from "./broken-stores/damage.ts";
import { durability } from "./broken-stores/durability.ts";
import { failing } from "./broken-stores/failing.ts";
import { handles } from "./broken-stores/handles.ts";
import { invisible } from "./broken-stores/invisible.ts";
import { lifetime } from "./broken-stores/lifetime.ts";
import { limits } from "./broken-stores/limits.ts";
import { listing } from "./broken-stores/listing.ts";
import { paging } from "./broken-stores/paging.ts";
import { past } from "./broken-stores/past.ts";
import { removal } from "./broken-stores/removal.ts";
import { revision } from "./broken-stores/revision.ts";
import { sharing } from "./broken-stores/sharing.ts";
import { shuttingDown } from "./broken-stores/shutting-down.ts";
import { sweeping } from "./broken-stores/sweeping.ts";
import { text } from "./broken-stores/text.ts";
import { times } from "./broken-stores/times.ts";
import { type Failures, failuresOfClass, messagesOf, optionsFor, placesOf } from "./run-suite.ts";

const stores = [
  ...[handles, times, text, sharing, answers, failing],
  ...[connecting, durability, clocks, revision, atomicity, lifetime, past, damage],
  ...[removal, listing, paging, sweeping, closing, shuttingDown, limits],
].flat();

/** Only another process shows these; `broken-stores-across-processes.test.ts` runs them. */
const ACROSS_PROCESSES = [7];

/** Every sentence of `writing-a-store.md`. */
const SENTENCES = Array.from({ length: 19 }, (_, index) => index + 1);

test("a store that keeps the contract passes", async () => {
  expect(messagesOf(await failuresOfClass(ReferenceStore))).toEqual({});
});

test.each(invisible)("a store that $name passes, since it cannot be seen", async ({ Store }) => {
  expect(messagesOf(await failuresOfClass(Store))).toEqual({});
});

describe("a broken store", () => {
  const failures = new Map<string, Failures>();

  beforeAll(async () => {
    for (const { name, Store } of stores) failures.set(name, await failuresOfClass(Store));
  }, 600_000);

  test.each(stores)("that $name fails sentence $sentence", ({ name, sentence }) => {
    expect(placesOf(failures.get(name) ?? new Map())).toContain(sentence);
  });

  test("has a name of its own", () => {
    expect(failures.size).toBe(stores.length);
  });

  test("exists for every sentence of the contract", () => {
    const broken = new Set(stores.map(({ sentence }) => sentence));
    const unbroken = SENTENCES.filter((sentence) => !broken.has(sentence));
    expect(unbroken).toEqual(ACROSS_PROCESSES);
  });

  test("exists for every rule of the suite that one process can show", () => {
    const rules: string[] = [];
    testStore<ReferenceStore>(optionsFor(ReferenceStore)((name) => rules.push(name)));
    const broken = new Set([...failures.values()].flatMap((each) => [...each.keys()]));
    const unbroken = rules.filter((name) => !name.includes("skipped") && !broken.has(name));
    expect(unbroken).toEqual([
      "two connections: what resolved in a process that is killed is there",
      "two connections: a process that is killed while it saves leaves whole records",
      "two connections: a process whose clock is an hour ahead goes by the server's",
      "two connections: a process whose clock is an hour back goes by the server's",
    ]);
  });
});
