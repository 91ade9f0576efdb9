import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const closing: readonly BrokenStore[] = [
  {
    name: "goes on working after close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async close() {}
    },
  },
  {
    name: "looks empty after close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override check() {}

      protected override live(handle: string) {
        return this.isClosed ? undefined : super.live(handle);
      }
    },
  },
  {
    name: "rejects a second close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async close() {
        this.check();
        this.isClosed = true;
      }
    },
  },
  {
    name: "closes all connections with one",
    sentence: 17,
    Store: class ConnectedStore extends ReferenceStore {
      static readonly #closed = new WeakSet<ReferenceStore["records"]>();

      override async close() {
        ConnectedStore.#closed.add(this.records);
      }

      protected override check() {
        this.isClosed = ConnectedStore.#closed.has(this.records);
        super.check();
      }
    },
  },
];
