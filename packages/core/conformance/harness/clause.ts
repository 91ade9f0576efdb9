import { type Capability, missingMethods, type StoreWith, supports } from "./capability.ts";
import type { Fixture } from "./fixture.ts";
import { inSentence } from "./sentence.ts";

/** One test of the suite. */
export interface Case {
  /** The clause and the rule, such as `delete: other sessions stay`. */
  readonly name: string;
  /** Resolves to the reason if the case had to be skipped. Rejects if the store breaks the rule. */
  run(fixture: Fixture): Promise<string | undefined>;
}

/**
 * Checks one rule. `store` is the first store of the case: open and empty. Resolves to a reason if only
 * the store itself shows that the rule does not apply to it.
 */
export type Check<C extends Capability> = (
  store: StoreWith<C>,
  fixture: Fixture,
) => Promise<string | undefined> | Promise<void>;

/** What the rules of a clause are about. */
export interface About<C extends Capability = never> {
  /** The number of the contract's sentence in `writing-a-store.md`. Absent for what the options promise. */
  readonly sentence?: number;
  /** All rules are skipped for a store that lacks one of these methods. */
  readonly needs?: readonly C[];
}

/** The cases of one clause of the contract: a check for each rule. */
export function clause<C extends Capability = never>(
  name: string,
  { sentence, needs = [] }: About<C>,
  rules: Readonly<Record<string, Check<C>>>,
): Case[] {
  return Object.entries(rules).map(([rule, check]) => ({
    name: `${name}: ${rule}`,
    run: (fixture) =>
      inSentence(sentence, async () => {
        const store = await fixture.open();
        if (!supports(store, needs)) return `the store has no ${missingMethods(store, needs)}`;
        return (await check(store, fixture)) ?? undefined;
      }),
  }));
}

/** Stands in for a clause that cannot be checked, so that the report shows the gap and its reason. */
export function skipped(name: string, reason: string): Case[] {
  return [{ name: `${name}: skipped, ${reason}`, run: async () => reason }];
}
