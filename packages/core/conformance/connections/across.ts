import assert from "node:assert/strict";
import { type Capability, type StoreWith, supports } from "../harness/capability.ts";
import { type About, type Case, clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";
import type { Races } from "../races/race.ts";

/** Cases of the clause "two connections", between a store and another one on the same data. */
export function acrossConnections<C extends Capability = never>(
  about: About<C>,
  races: Races<C>,
): Case[] {
  return Object.entries(races).flatMap(([rule, race]) =>
    clause("two connections", about, {
      [rule]: async (store, fixture) => race(store, await secondStore(fixture, about), fixture),
    }),
  );
}

/** Opens the second store of a case, now. */
export async function secondStore<C extends Capability = never>(
  fixture: Fixture,
  { needs = [] }: About<C>,
): Promise<StoreWith<C>> {
  const other = await fixture.connect();
  assert.ok(supports(other, needs), "connect() must open a store with the same methods");
  return other;
}
