import { type Capability, missingMethods, type StoreWith, supports } from "./capability.ts";
import type { Fixture } from "./fixture.ts";

/** One test of the suite. */
export interface Case {
  /** The clause and the rule, such as `delete: other sessions stay`. */
  readonly name: string;
  /** Resolves to the reason if the case had to be skipped. Rejects if the store breaks the rule. */
  run(fixture: Fixture): Promise<string | undefined>;
}

/** Checks one rule. `store` is the first store of the case: open and empty. */
export type Check<C extends Capability> = (store: StoreWith<C>, fixture: Fixture) => Promise<void>;

/**
 * The cases of one clause of the contract: a check for each rule. All of them are skipped for a store
 * that lacks one of the methods in `needs`.
 */
export function clause<C extends Capability>(
  name: string,
  needs: readonly C[],
  rules: Readonly<Record<string, Check<C>>>,
): Case[] {
  return Object.entries(rules).map(([rule, check]) => ({
    name: `${name}: ${rule}`,
    async run(fixture) {
      const store = await fixture.open();
      if (!supports(store, needs)) return `the store has no ${missingMethods(store, needs)}`;
      await check(store, fixture);
      return undefined;
    },
  }));
}

/** Stands in for a clause that cannot be checked, so that the report shows the gap and its reason. */
export function skipped(name: string, reason: string): Case[] {
  return [{ name: `${name}: skipped, ${reason}`, run: async () => reason }];
}
