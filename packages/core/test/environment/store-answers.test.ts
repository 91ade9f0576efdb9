import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import type { StoreMethod } from "@sess/core/conformance";
import { expectCode, SpyStore } from "@sess/test-support";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { HOUR } from "../support/time.ts";

let { store, sessions }: World = world();
beforeEach(() => {
  ({ store, sessions } = world({ touchAfter: 0 }));
});

/** From now on a method of the store resolves to `answer`. */
function answers(method: StoreMethod, answer: unknown): void {
  Object.assign(store, { [method]: async () => answer });
}

/** What an adapter of another library, or of none, may answer. */
const STRANGE: readonly unknown[] = [undefined, null, 0, 1, "OK", {}, [[], 0], { rowCount: 1 }];

describe("an answer of a store that the contract does not know is STORE_UNAVAILABLE, never a yes or no:", () => {
  test.each(STRANGE)("to save(), %j, and its outcome is unknown", async (answer) => {
    const session = await saved(sessions);
    session.set("views", 1);
    answers("save", answer);
    const error = await expectCode(session.save(), "STORE_UNAVAILABLE");
    expect(error.message).toContain("save() resolved to");
    expect(error.message).toContain("unknown");
    expect(error.message).toContain("testStore()");
    expect(session.hasUnsavedChanges).toBe(true);
  });

  test.each(STRANGE)("to delete(), %j: the session may still live", async (answer) => {
    const session = await saved(sessions);
    answers("delete", answer);
    await expectCode(session.destroy(), "STORE_UNAVAILABLE");
    expect(session.isDestroyed).toBe(false);
    await expectCode(sessions.revoke(session.handle), "STORE_UNAVAILABLE");
  });

  test.each(STRANGE)("to touch(), %j", async (answer) => {
    const session = await saved(sessions);
    const now = Date.now;
    Date.now = () => now() + HOUR;
    try {
      answers("touch", answer);
      await expectCode(session.save(), "STORE_UNAVAILABLE");
    } finally {
      Date.now = now;
    }
  });

  test.each([null, 0, false, "sess1jp", true])("to load(), %j", async (answer) => {
    const { id } = await saved(sessions);
    answers("load", answer);
    await expectCode(sessions.load(id), "STORE_UNAVAILABLE");
    await expectCode(sessions.open(id), "STORE_UNAVAILABLE");
    await expectCode(sessions.lookup(id), "STORE_UNAVAILABLE");
  });

  test.each([undefined, null, "1", true, Number.NaN, -1, 0.5])("to sweep(), %p", async (answer) => {
    answers("sweep", answer);
    await expectCode(sessions.sweep(), "STORE_UNAVAILABLE");
  });
});

test("a record that is none is RECORD_CORRUPT", async () => {
  const { id } = await saved(sessions);
  for (const answer of [{}, [], { rows: [] }, () => {}]) {
    answers("load", answer);
    await expectCode(sessions.load(id), "RECORD_CORRUPT");
  }
});

describe("a store that says how much it holds", () => {
  const limited = (maxBytes: number) => Object.assign(new SpyStore(), { maxBytes });

  test.each([false, true])(
    "is not given more, measured as it is stored; encrypt: %s",
    async (encrypt) => {
      const holding = limited(1_000);
      const small = new SessionManager({ store: holding, sweepInterval: 0, encrypt });
      const session = await saved(small);
      session.set("text", "é".repeat(encrypt ? 350 : 500));
      holding.counts();
      const error = await expectCode(session.save(), "DATA_TOO_LARGE");
      expect(error.message).toMatch(
        /^The session takes \d+ bytes as stored, the store's maxBytes is 1000\. Keep large values elsewhere\.$/,
      );
      expect(holding.counts()).toEqual({});
      const { id } = await saved(small, { text: "é".repeat(encrypt ? 250 : 400) });
      expect((await loaded(small, id)).get("text")).toHaveLength(encrypt ? 250 : 400);
    },
  );

  test("is told from the manager's limit, which counts the plain text", async () => {
    const narrow = new SessionManager({
      store: limited(1_000),
      maxBytes: 200,
      encrypt: true,
      sweepInterval: 0,
    });
    const session = await saved(narrow);
    session.set("text", "x".repeat(300));
    const error = await expectCode(session.save(), "DATA_TOO_LARGE");
    expect(error.message).toMatch(
      /^The session takes \d+ bytes, the manager's maxBytes is 200\. Keep large values elsewhere, or raise maxBytes\.$/,
    );
  });

  test.each([0, -1, 1.5, "1000", null, Number.NaN])("must mean it: %p", async (maxBytes) => {
    const odd: object = Object.assign(new SpyStore(), { maxBytes });
    const make = () => Reflect.construct(SessionManager, [{ store: odd, sweepInterval: 0 }]);
    const error = await expectCode(make, "INVALID_OPTION");
    expect(error.message).toContain("store.maxBytes must be a whole number of bytes from 1");
  });
});
