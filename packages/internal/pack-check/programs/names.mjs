import assert from "node:assert/strict";
import { createRequire } from "node:module";

// What an uncaught error begins with, and what a debugger shows: a class by the name it is exported by.
const require = createRequire(import.meta.url);
for (const name of process.argv.slice(2)) {
  for (const copy of [await import(name), require(name)]) {
    for (const [exported, value] of Object.entries(copy)) {
      if (typeof value === "function") assert.equal(value.name, exported);
    }
  }
}

console.log("all are called as they are exported");
