import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { session } from "@sess/http";
import { MemoryStore } from "@sess/store-memory";
import { expectCode } from "@sess/test-support";

const readme = readFileSync(join(__dirname, "../README.md"), "utf8");

test("the README has a row for each option, in the order of the message that lists them", async () => {
  const sessions = new SessionManager({ store: new MemoryStore(), sweepInterval: 0 });
  const wrong = () => Reflect.apply(session, undefined, [sessions, { unknown: true }]);
  const { message } = await expectCode(wrong, "INVALID_OPTION");
  const [, listed = ""] = /, only (.*)\.$/.exec(message) ?? [];
  const rows = [...readme.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
  expect(rows).toEqual(listed.split(", "));
});
