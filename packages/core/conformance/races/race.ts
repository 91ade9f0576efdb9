import type { Store } from "../../src/contract/store.ts";
import type { Capability, StoreWith } from "../harness/capability.ts";
import type { Fixture } from "../harness/fixture.ts";

/**
 * Calls that run at the same time through two references: `one` and `other` are the same store, or two
 * connections to the same data.
 */
type Race<C extends Capability> = (
  one: StoreWith<C>,
  other: StoreWith<C>,
  fixture: Fixture,
) => Promise<void>;

/** Races by the rule that they check. */
export type Races<C extends Capability = never> = Readonly<Record<string, Race<C>>>;

/** How often a race between a few calls is run: a store that breaks the rule may be lucky once. */
export const ROUNDS = 10;

/** Makes one call per item at the same time, alternating between the stores. Returns the items that won. */
export async function winners<S extends Store, T>(
  [one, other]: readonly [S, S],
  items: readonly T[],
  call: (store: S, item: T) => Promise<boolean>,
): Promise<T[]> {
  const calls = items.map((item, index) => call(index % 2 ? other : one, item));
  const outcomes = await Promise.all(calls);
  return items.filter((_, index) => outcomes[index]);
}
