import { beforeEach, describe, expect, test } from "@jest/globals";
import { looseJson, SessionManager } from "@sess/core";
import { expectCode, SpyStore } from "@sess/test-support";
import fc from "fast-check";
import { otherLooseJson } from "../support/other-copy.ts";
import { loaded, saved, stored } from "../support/sessions.ts";

let store: SpyStore;
let loose: SessionManager;
let strict: SessionManager;
beforeEach(() => {
  store = new SpyStore();
  loose = new SessionManager({ store, codec: looseJson, sweepInterval: 0 });
  strict = new SessionManager({ store, sweepInterval: 0 });
});

class Point {
  x = 1;
  #hidden = 2;
  sum = () => this.x + this.#hidden;
}

const altered: readonly [what: string, value: unknown][] = [
  ["a Date", new Date(0)],
  ["NaN", Number.NaN],
  ["a Map", new Map([["a", 1]])],
  ["an instance of a class", new Point()],
  ["toJSON", { toJSON: () => "short" }],
  ["undefined in an array", [1, undefined, () => {}]],
  ["undefined in an object", { there: 1, not: undefined, run() {}, [Symbol("s")]: 1 }],
];

describe("looseJson", () => {
  test.each(altered)("takes %s and alters it as JSON.stringify does", async (_, value) => {
    const session = await saved(loose, { value, deep: { list: [value] } });
    session.flash("info", value);
    await session.save();
    const expected: unknown = JSON.parse(JSON.stringify(value));
    const again = await loaded(loose, session.id);
    expect(again.get("value")).toEqual(expected);
    expect(again.get("deep").list).toEqual(JSON.parse(JSON.stringify([value])));
    expect(await again.takeFlash("info")).toEqual([expected]);
  });

  test("gives a session what an object of its values would be as JSON", () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string(),
          fc.anything({
            withDate: true,
            withMap: true,
            withSparseArray: true,
            withTypedArray: true,
          }),
        ),
        async (values) => {
          const session = loose.create();
          session.owner = "ada";
          for (const [key, value] of Object.entries(values)) session.set(key, value);
          await session.save();
          expect(await stored(loose, session.id)).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
    ));

  test.each([undefined, () => {}, Symbol("s")])(
    "removes a value that is %p, as JSON leaves it out",
    async (value) => {
      const session = await saved(loose, { a: 1, b: 2 });
      session.set("a", value);
      await session.save();
      expect(await stored(loose, session.id)).toEqual({ b: 2 });
      store.counts();
      await session.save();
      expect(store.counts()).toEqual({});
    },
  );

  test("removes a value whose toJSON() comes to return undefined", async () => {
    const value = { gone: false, toJSON: () => (value.gone ? undefined : 1) };
    const session = await saved(loose, { value, b: 2 });
    value.gone = true;
    expect(session.hasUnsavedChanges).toBe(true);
    await session.save();
    expect(await stored(loose, session.id)).toEqual({ b: 2 });
    expect(session.hasUnsavedChanges).toBe(false);
  });

  test("does not take a Date that was set and saved for a change, and notices when it changes", async () => {
    const when = new Date(0);
    const session = await saved(loose, { when });
    expect(session.hasUnsavedChanges).toBe(false);
    when.setTime(1);
    await session.save();
    expect(await stored(loose, session.id)).toEqual({ when: "1970-01-01T00:00:00.001Z" });
  });

  test.each([
    ["a bigint", () => 1n],
    [
      "a cycle",
      () => {
        const cycle: unknown[] = [];
        cycle.push(cycle);
        return cycle;
      },
    ],
    [
      "a toJSON() that throws",
      () => ({
        toJSON() {
          throw new Error("hunter2");
        },
      }),
    ],
    [
      "a revoked proxy",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])("refuses %s, which JSON cannot write, at once", async (_, make) => {
    const session = await saved(loose);
    for (const call of [() => session.set("a", make()), () => session.flash("a", make())]) {
      const error = await expectCode(call, "VALUE_NOT_SERIALIZABLE");
      expect(error.message).not.toContain("hunter2");
      expect(error.cause).toBeUndefined();
    }
  });

  test.each([undefined, () => {}])("refuses a flash message that is %p", async (message) => {
    await expectCode(() => loose.create().flash("info", message), "VALUE_NOT_SERIALIZABLE");
  });

  test("shares its records with the default, in both directions", async () => {
    const { id } = await saved(loose, { when: new Date(0) });
    const session = await loaded(strict, id);
    expect(session.get("when")).toBe("1970-01-01T00:00:00.000Z");
    session.set("views", 1);
    await session.save();
    expect(await stored(loose, id)).toEqual({ when: "1970-01-01T00:00:00.000Z", views: 1 });
  });

  test("is known to every copy of the module", async () => {
    const codec = otherLooseJson();
    expect(codec).not.toBe(looseJson);
    const sessions = new SessionManager({ store, codec, sweepInterval: 0 });
    const { id } = await saved(sessions, { when: new Date(0) });
    expect(await stored(strict, id)).toEqual({ when: "1970-01-01T00:00:00.000Z" });
  });

  test("is a codec like any other when it is called by hand", () => {
    expect(looseJson.parse(looseJson.stringify({ when: new Date(0) }))).toEqual({
      when: "1970-01-01T00:00:00.000Z",
    });
  });
});
