import { describe, expect, test } from "@jest/globals";
import { looseJson, SessionManager, type SessionManagerOptions } from "@sess/core";
import { expectCode, ReferenceStore } from "@sess/test-support";
import { SpyCodec } from "../support/codecs.ts";

const store = new ReferenceStore();
const YEARS = 365.25 * 24 * 3_600_000;

/** Makes a manager as JavaScript does, without a compiler. */
function make(options?: unknown): unknown {
  return Reflect.construct(SessionManager, [options]);
}

const NO_NUMBERS: readonly unknown[] = [
  "1000",
  null,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1n,
  [],
  new Date(),
];

class Adapter {
  get() {}
  set() {}
  destroy() {}
}

const bad: readonly [options: object, advice: string][] = [
  ...NO_NUMBERS.flatMap((value): [object, string][] =>
    ["idleTimeout", "absoluteTimeout", "touchAfter", "sweepInterval", "maxBytes"].map((name) => [
      { [name]: value },
      `${name} must be a whole number of`,
    ]),
  ),
  [{ idleTimeout: 0 }, "idleTimeout must be a whole number of ms from 1"],
  [{ absoluteTimeout: 0 }, "absoluteTimeout must be a whole number of ms from 1"],
  [{ maxBytes: 0 }, "maxBytes must be a whole number of bytes from 1"],
  [{ idleTimeout: 101 * YEARS }, "idleTimeout must be a whole number"],
  [{ absoluteTimeout: 101 * YEARS }, "absoluteTimeout must be a whole number"],
  [{ sweepInterval: 2 ** 31 }, "sweepInterval must be a whole number of ms from 0 to 2147483647"],
  [{ encrypt: "true" }, 'encrypt must be true, false, "migrate" or "unseal"'],
  [{ encrypt: 1 }, 'encrypt must be true, false, "migrate" or "unseal"'],
  [{ encrypt: null }, 'encrypt must be true, false, "migrate" or "unseal"'],
  [{ store: undefined }, "store must be an object with the methods load, save, delete"],
  [{ store: null }, "store must be an object with the methods"],
  [{ store: "redis://localhost" }, "store must be an object with the methods"],
  [{ store: ReferenceStore }, "store must be an object with the methods"],
  [{ store: { load() {}, save() {} } }, "store must be an object with the methods"],
  [{ store: { load() {}, save() {}, delete: true } }, "store must be an object with the methods"],
  [{ store: Promise.resolve(store) }, "not a promise: await it"],
  [{ store: new Adapter() }, "store is a store of express-session, such as connect-redis"],
  [
    { store: { ...new Adapter(), createSession() {}, get() {}, set() {}, destroy() {} } },
    "express-session",
  ],
  [
    { store: { get() {}, set() {}, destroy() {}, connect() {} } },
    "store is a client of a database",
  ],
  [{ store: { query() {}, connect() {} } }, "store is a client of a database"],
  [{ store: new Map() }, "store must be an object with the methods"],
  [{ codec: Promise.resolve(JSON) }, "not a promise: await it"],
  [{ codec: "json" }, "codec must be an object with the methods"],
  [{ codec: { stringify: JSON.stringify } }, "codec must be an object with the methods"],
  [{ codec: { parse: JSON.parse } }, "codec must be an object with the methods"],
  [{ idleTimeOut: 1 }, 'no option "idleTimeOut", only idleTimeout, absoluteTimeout'],
  [{ reads: "json" }, "reads must be an object with the methods"],
  [{ codec: JSON, reads: JSON }, "codec or reads, not both"],
  [{ codec: JSON, reads: looseJson }, "codec or reads, not both"],
  [{ ttl: 1 }, 'no option "ttl"'],
  [{ idleTimeOut: undefined }, 'no option "idleTimeOut"'],
];

describe("a manager refuses, and says what to do:", () => {
  test.each(bad.map(([options, advice]) => [advice, shown(options), options] as const))(
    "%s: %s",
    async (advice, _, options) => {
      const error = await expectCode(() => make({ store, ...options }), "INVALID_OPTION");
      expect(error.message).toContain(advice);
    },
  );

  test.each([undefined, null, 1, "store", () => {}])("%p for options", async (options) => {
    await expectCode(() => make(options), "INVALID_OPTION");
  });
});

describe("a manager accepts", () => {
  const good: readonly Partial<SessionManagerOptions>[] = [
    {},
    { idleTimeout: 1, absoluteTimeout: 1, touchAfter: 0, sweepInterval: 0, maxBytes: 1 },
    { idleTimeout: 100 * YEARS, absoluteTimeout: 100 * YEARS, touchAfter: 100 * YEARS },
    { sweepInterval: 2 ** 31 - 1, maxBytes: 1e12 },
    { encrypt: true },
    { encrypt: false },
    { encrypt: "migrate" },
    { encrypt: "unseal" },
    { reads: JSON },
    { codec: JSON },
    { codec: looseJson },
    { codec: looseJson, reads: JSON },
  ];

  test.each(good)("%j", async (options) => {
    expect(make({ store, sweepInterval: 0, ...options })).toBeInstanceOf(SessionManager);
  });

  test("undefined for an option that is not given", async () => {
    const names = [
      "idleTimeout",
      "absoluteTimeout",
      "touchAfter",
      "sweepInterval",
      "maxBytes",
      "codec",
      "reads",
      "encrypt",
    ];
    const options = Object.fromEntries(names.map((name) => [name, undefined]));
    const manager = make({ ...options, store });
    if (!(manager instanceof SessionManager)) throw new Error("no manager");
    const session = manager.create();
    expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(24 * 3_600_000);
  });

  test("a store and a codec without a prototype", () => {
    const methods = {
      load: async () => undefined,
      save: async () => true,
      delete: async () => true,
    };
    const plain = Object.assign(Object.create(null), methods);
    const codec = Object.assign(Object.create(null), {
      stringify: JSON.stringify,
      parse: JSON.parse,
    });
    expect(make({ store: plain, codec, sweepInterval: 0 })).toBeInstanceOf(SessionManager);
  });
});

test("options are copied: changing them afterwards changes nothing", async () => {
  const codec = new SpyCodec();
  const options = {
    store: new ReferenceStore(),
    idleTimeout: 1_000,
    maxBytes: 1_000,
    codec,
    sweepInterval: 0,
  };
  const sessions = new SessionManager(options);
  Object.assign(options, {
    store: undefined,
    idleTimeout: 5,
    maxBytes: 1,
    codec: null,
    encrypt: true,
  });
  const session = sessions.create();
  expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(1_000);
  session.set("alias", "GoTamer");
  await session.save();
  expect(await sessions.load(session.id)).toBeDefined();
});

test("the options and the store are not written on", () => {
  const options = Object.freeze({ store: Object.freeze(new ReferenceStore()), idleTimeout: 1_000 });
  expect(() => new SessionManager(options)).not.toThrow();
});

function shown(options: object): string {
  return Object.entries(options)
    .map(
      ([name, value]) =>
        `${name} = ${typeof value === "object" ? typeof value : String(value).slice(0, 30)}`,
    )
    .join();
}
