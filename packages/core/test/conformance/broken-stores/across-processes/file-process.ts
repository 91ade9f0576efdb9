import { serveStore } from "@sess/core/conformance";
import { brokenClockStores, brokenFileStores } from "./broken-file-stores.ts";
import { FileStore, ServerClockStore } from "./file-store.ts";

const right: Record<string, typeof FileStore> = { FileStore, ServerClockStore };

// The other process of the tests: its address names a store, and the folder of its data.
const clock = process.env["SERVER_CLOCK"] ? "server" : undefined;

serveStore(
  (address) => {
    const { name, folder } = JSON.parse(address);
    const broken = [...brokenFileStores, ...brokenClockStores].find((each) => each.name === name);
    const Store = broken?.Store ?? right[name];
    if (Store === undefined) throw new Error(`There is no store that ${name}.`);
    return new Store(folder);
  },
  clock === undefined ? {} : { clock },
);
