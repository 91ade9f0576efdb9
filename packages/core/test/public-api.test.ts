import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as core from "@sess/core";
import { SessionManager } from "@sess/core";
import { ReferenceStore } from "@sess/test-support";

const source = readFileSync(path.join(__dirname, "../src/index.ts"), "utf8");

/** The names behind `export { … }` and `export type { … }`. */
function exported(): { values: string[]; types: string[] } {
  const found = { values: [] as string[], types: [] as string[] };
  for (const [, all, names = ""] of source.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const name of names.split(",").map((each) => each.trim())) {
      if (name === "") continue;
      if (all !== undefined || name.startsWith("type "))
        found.types.push(name.replace("type ", ""));
      else found.values.push(name);
    }
  }
  return { values: found.values.sort(), types: found.types.sort() };
}

test("core exports these values and no other", () => {
  expect(Object.keys(core).sort()).toEqual(["SessionError", "SessionManager"]);
  expect(exported().values).toEqual(["SessionError", "SessionManager"]);
});

test("core exports these types and no other", () => {
  expect(exported().types).toEqual([
    "Codec",
    "Lifetime",
    "Outcome",
    "RegenerateOptions",
    "Session",
    "SessionErrorCode",
    "SessionEvent",
    "SessionManagerOptions",
    "SessionRecord",
    "SessionSummary",
    "Store",
    "SweepEvent",
  ]);
});

test("the index holds named exports alone", () => {
  const rest = source.replaceAll(/export (type )?\{[^}]*\} from "\.\/[\w/.-]+";/g, "");
  expect(rest.trim()).toBe("");
});

describe("what a user can call", () => {
  const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });

  test("on a manager is this and no other", () => {
    expect(namesOf(sessions)).toEqual(
      [
        "close",
        "create",
        "destroy",
        "list",
        "load",
        "open",
        "revoke",
        "revokeAll",
        "sweep",
        "update",
        String(Symbol.asyncDispose),
      ].sort(),
    );
  });

  test("on a session is this and no other", () => {
    expect(namesOf(sessions.create())).toEqual(
      [
        "clear",
        "createdAt",
        "delete",
        "destroy",
        "expiresAt",
        "flash",
        "get",
        "handle",
        "has",
        "id",
        "isNew",
        "keys",
        "owner",
        "pop",
        "regenerate",
        "reload",
        "save",
        "set",
        "takeFlash",
      ].sort(),
    );
  });
});

/** Own properties and those of the class. */
function namesOf(value: object): string[] {
  const names = [value, Object.getPrototypeOf(value)].flatMap((each) =>
    Reflect.ownKeys(each).map(String),
  );
  return names.filter((name) => name !== "constructor").sort();
}
