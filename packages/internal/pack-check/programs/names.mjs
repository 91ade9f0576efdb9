import assert from "node:assert/strict";
import { createRequire } from "node:module";

// An uncaught error and a debugger show a class by its name: bundling must not change it.
const require = createRequire(import.meta.url);
for (const name of process.argv.slice(2)) {
  for (const copy of [await import(name), require(name)]) {
    for (const [exported, value] of Object.entries(copy)) {
      if (typeof value === "function") assert.equal(value.name, exported);
    }
  }
}

console.log("all have the names they are exported under");
