import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as esm from "@sess/core";
import * as memory from "@sess/store-memory";

// An application that imports us, with a dependency that requires us, has two copies of core.
const require = createRequire(import.meta.url);
const cjs = require("@sess/core");
assert.notEqual(esm.SessionError, cjs.SessionError);

const thrown = [
  new esm.SessionError("STORE_CLOSED", "of the ESM copy"),
  new cjs.SessionError("STORE_CLOSED", "of the CommonJS copy"),
  await closed(new memory.MemoryStore()),
  await closed(new (require("@sess/store-memory").MemoryStore)()),
];
for (const error of thrown) {
  assert.ok(error instanceof esm.SessionError, `${error} is no SessionError to the ESM copy`);
  assert.ok(error instanceof cjs.SessionError, `${error} is no SessionError to the CommonJS copy`);
  assert.equal(error.code, "STORE_CLOSED");
}
assert.ok(!(new Error("of nobody") instanceof cjs.SessionError));

// The manager comes from one copy, the store from the other, and each copy reads the session.
const store = new memory.MemoryStore();
const session = new cjs.SessionManager({ store }).create();
session.set("alias", "GoTamer");
await session.save();
const again = await new esm.SessionManager({ store }).load(session.id);
assert.equal(again.get("alias"), "GoTamer");

console.log("the copies agree");

async function closed(store) {
  await store.close();
  return store.load(handle()).then(assert.fail, (error) => error);
}

function handle() {
  return `~${"A".repeat(43)}`;
}
