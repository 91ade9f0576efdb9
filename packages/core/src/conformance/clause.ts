import type { Store } from "../contract/store.ts";
import type { Lab } from "./lab.ts";

/** The methods that a store may lack. */
export type Capability = "touch" | "list" | "sweep" | "close";

/** A store that is known to have `C`. */
export type StoreWith<C extends Capability> = Store & Required<Pick<Store, C>>;

/** One sentence that a store keeps or breaks. */
export interface Case {
  /** The clause and the sentence: a failing clause is known by its name. */
  readonly name: string;
  /** Resolves to the reason where the store cannot be asked; rejects where it breaks the sentence. */
  run(lab: Lab): Promise<string | undefined>;
}

/** What shows one sentence: the first store of the case, open and empty, and the means to go on. */
type Body<C extends Capability> = (store: StoreWith<C>, lab: Lab) => Promise<void>;

/** A clause of the contract as the sentences that make it up. `needs`: what they cannot be shown without. */
export function clause<C extends Capability>(
  name: string,
  needs: readonly C[],
  sentences: Readonly<Record<string, Body<C>>>,
): Case[] {
  return Object.entries(sentences).map(([sentence, body]) => ({
    name: `${name}: ${sentence}`,
    async run(lab) {
      const store = await lab.open();
      if (!has(store, needs)) return `the store has no ${lacking(store, needs)}`;
      await body(store, lab);
      return undefined;
    },
  }));
}

/** A clause that this store is not asked, as a case whose name says why. */
export function skipped(name: string, reason: string): Case[] {
  return [{ name: `${name}: skipped, ${reason}`, run: async () => reason }];
}

export function has<C extends Capability>(
  store: Store,
  needs: readonly C[],
): store is StoreWith<C> {
  return needs.every((method) => store[method] !== undefined);
}

function lacking(store: Store, needs: readonly Capability[]): string {
  const methods = needs.filter((method) => store[method] === undefined);
  return methods.map((method) => `${method}()`).join(" and no ");
}
