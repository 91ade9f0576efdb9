import { expect } from "@jest/globals";
import type { PostgresStore } from "@sess/store-postgres";
import { collect, handle, handles, record, rejection } from "@sess/test-support";

/** Every method, for a store that is not reached or refuses. */
export function everyCall(store: PostgresStore): Record<string, () => Promise<unknown>> {
  return {
    load: () => store.load(handle(1)),
    create: () => store.save(handle(1), record()),
    replace: () => store.save(handle(1), record({ revision: 2 })),
    touch: () => store.touch(handle(1), Date.now() + 1000),
    delete: () => store.delete(handle(1)),
    list: () => collect(store.list()),
    listOwned: () => collect(store.list("ada")),
    sweep: () => store.sweep(),
    "many loads": () => Promise.all(handles(3).map((each) => store.load(each))),
    "many saves": () => Promise.all(handles(3).map((each) => store.save(each, record()))),
  };
}

/** Expects each to reject with STORE_UNAVAILABLE, this cause and this advice. */
export async function expectUnavailable(
  calls: Record<string, () => Promise<unknown>>,
  cause: object,
  advice: RegExp,
): Promise<void> {
  for (const [name, call] of Object.entries(calls)) {
    const error = await rejection(call());
    expect({ name, error }).toMatchObject({ name, error: { code: "STORE_UNAVAILABLE", cause } });
    expect(String(error)).toMatch(advice);
  }
}
