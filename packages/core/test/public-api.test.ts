import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as core from "@sess/core";
import { SessionManager } from "@sess/core";
import * as adapter from "@sess/core/adapter";
import * as conformance from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support";

/** The public names; all others are core's own. */
const ENTRIES = [
  {
    file: "index.ts",
    module: core,
    values: ["SessionError", "SessionManager", "looseJson"],
    types: [
      "AnySession",
      "Codec",
      "Lifetime",
      "Lookup",
      "Outcome",
      "RegenerateEvent",
      "RegenerateOptions",
      "SaveOptions",
      "Session",
      "SessionErrorCode",
      "SessionEvent",
      "SessionManagerOptions",
      "SessionRecord",
      "SessionSummary",
      "Store",
      "SweepEvent",
    ],
  },
  {
    file: "conformance.ts",
    module: conformance,
    values: ["FaultyStore", "anotherProcess", "serveStore", "testStore"],
    types: [
      "AnotherProcessOptions",
      "Clock",
      "Fault",
      "FaultEffect",
      "InjectedFault",
      "ServeOptions",
      "StoreMethod",
      "StoreTestOptions",
    ],
  },
  {
    file: "adapter.ts",
    module: adapter,
    values: [
      "Batcher",
      "DamageReport",
      "FaultTable",
      "KeyedQueue",
      "LifeCycle",
      "Tick",
      "aBoolean",
      "anObject",
      "causeOf",
      "checkOption",
      "checkOptions",
      "damagedRecord",
      "engineCode",
      "isHandle",
      "isObject",
      "oneOf",
      "pagesOf",
      "text",
      "wholeNumber",
      "withMethods",
    ],
    types: ["BatcherOptions", "Fault", "FaultTableOptions", "PageOptions", "Rule", "Rules"],
  },
];

describe.each(ENTRIES)("the entry $file exports", ({ file, module, values, types }) => {
  const source = readFileSync(join(__dirname, "../src", file), "utf8");

  test("these values and no other", () => {
    expect(Object.keys(module).sort()).toEqual(values);
    expect(exportedBy(source).values).toEqual(values);
  });

  test("these types and no other", () => {
    expect(exportedBy(source).types).toEqual(types);
  });

  test("nothing but names of other modules", () => {
    const rest = source.replaceAll(/export (type )?\{[^}]*\} from "\.[\w/.-]+";/g, "");
    expect(rest.trim()).toBe("");
  });
});

/** The names behind `export { … }` and `export type { … }`. */
function exportedBy(source: string): { values: string[]; types: string[] } {
  const found = { values: [] as string[], types: [] as string[] };
  for (const [, all, names = ""] of source.matchAll(/export (type )?\{([^}]*)\}/g)) {
    for (const name of names.split(",").map((each) => each.trim())) {
      if (name === "") continue;
      const isType = all !== undefined || name.startsWith("type ");
      found[isType ? "types" : "values"].push(name.replace("type ", ""));
    }
  }
  return { values: found.values.sort(), types: found.types.sort() };
}

describe("what a user can call", () => {
  const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });

  test("on a manager are these methods and no other", () => {
    expect(namesOf(sessions)).toEqual(
      [
        "close",
        "create",
        "destroy",
        "list",
        "load",
        "lookup",
        "open",
        "revoke",
        "revokeAll",
        "sweep",
        "update",
        String(Symbol.asyncDispose),
      ].sort(),
    );
  });

  test("on a session are these members and no other", () => {
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
        "hasOwnLifetime",
        "hasUnsavedChanges",
        "id",
        "isDestroyed",
        "isNew",
        "keys",
        "lifetime",
        "needsSave",
        "owner",
        "pop",
        "regenerate",
        "reload",
        "save",
        "set",
        "takeFlash",
        "update",
        "Symbol(nodejs.util.inspect.custom)",
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
