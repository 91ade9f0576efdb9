import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anotherProcess, type StoreTestOptions, testStore } from "@sess/core/conformance";
import { ServerClockStore } from "../broken-stores/across-processes/file-store.ts";

/** What two processes must do, with a module that is TypeScript. */
export function filesSuite(test: StoreTestOptions["test"]): void {
  const root = mkdtempSync(join(tmpdir(), "sess-test-"));
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  const folders = new WeakMap<ServerClockStore, string>();
  let time = 0;
  const set = (now: number) => {
    time = now;
    writeFileSync(join(root, ServerClockStore.CLOCK), String(now));
  };

  testStore<ServerClockStore>({
    test: (name, run) => name.startsWith("two connections") && test(name, run),
    createStore() {
      const folder = mkdtempSync(join(root, "data-"));
      const store = new ServerClockStore(folder);
      folders.set(store, folder);
      return store;
    },
    connect: anotherProcess({
      module: "test/conformance/broken-stores/across-processes/file-process.ts",
      address: (store) => JSON.stringify({ name: "ServerClockStore", folder: folders.get(store) }),
      env: { SERVER_CLOCK: "1" },
    }),
    clock: { set, advance: (ms) => set(time + ms) },
  });
}
