import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** A store that breaks the contract where no caller can see it. */
interface InvisiblyBrokenStore extends BrokenStore {
  /** Why the suite cannot tell. */
  readonly why: string;
}

export const invisible: readonly InvisiblyBrokenStore[] = [
  {
    name: "keeps revisions as numbers of 16 bits",
    sentence: 2,
    why: "It would take 65,536 saves of one session, half a minute over a network, in every run.",
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...record, revision: record.revision % 65_536 });
      }
    },
  },
  {
    name: "acknowledges what a power loss takes",
    sentence: 6,
    why: "No program can cut the power of its machine. The store's README says what is lost.",
    Store: ReferenceStore,
  },
  {
    name: "holds all records in memory while it lists",
    sentence: 14,
    why:
      "What is yielded is the same. An engine's snapshot yields what was deleted since as well, and " +
      "how much memory a process takes depends on its garbage collector.",
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        const all: (readonly [string, SessionRecord])[] = [];
        let failure: unknown;
        try {
          for await (const entry of super.list(owner)) all.push(entry);
        } catch (error) {
          failure = error;
        }
        for (const entry of all) {
          await pause();
          this.check();
          yield entry;
        }
        if (failure !== undefined) throw failure;
      }
    },
  },
  {
    name: "sweeps everything in one step",
    sentence: 16,
    why: "How many steps it takes is seen in the time of other calls only, which a test cannot assert.",
    Store: class extends ReferenceStore {
      override sweep() {
        return super.sweep();
      }
    },
  },
  {
    name: "writes a durable save as it writes any other",
    sentence: 19,
    why: "The difference is what a power loss takes.",
    Store: class extends ReferenceStore {
      override save(handle: string, record: SessionRecord) {
        return super.save(handle, record);
      }
    },
  },
];
