import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { expectCode, SpyStore } from "@sess/test-support";
import { hostileForms, hostileOwners } from "../support/hostile.ts";
import { saved } from "../support/sessions.ts";
import { untypedCall } from "../support/untyped-call.ts";

let store: SpyStore;
let sessions: SessionManager;
let session: Session;

beforeEach(async () => {
  store = new SpyStore();
  sessions = new SessionManager({ store, sweepInterval: 0 });
  session = await saved(sessions, { alias: "GoTamer" }, "ada");
  store.forget();
});

const example = "0aZ_-".padEnd(43, "x");
const forms = [...hostileForms(example), `~${example}`];
/** What a client can send; null and undefined are no id at all. */
const ids = forms.filter(isAcceptable);
/** What only a mistake in a program can pass for an id. */
const otherTypes = [...forms.filter((form) => !isAcceptable(form)), Promise.resolve(example)];
const handles = [...hostileForms(`~${example}`), example];
const owners = hostileOwners();

function isAcceptable(form: unknown): boolean {
  return typeof form === "string" || form === null || form === undefined;
}

/** How a value is named in a failure. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : typeof value;
  return text.slice(0, 80);
}

/** Runs `task` with each value, during which the store must not be asked. */
async function each(values: readonly unknown[], task: (value: unknown) => Promise<unknown>) {
  for (const value of values) {
    try {
      await task(value);
      expect(store.calls).toEqual([]);
    } catch (cause) {
      throw new Error(`with ${shown(value)}: ${cause}`, { cause });
    }
  }
}

test("there are hundreds of hostile forms", () => {
  expect(forms.length).toBeGreaterThan(400);
  expect(otherTypes.length).toBeGreaterThan(10);
  expect(handles.length).toBeGreaterThan(400);
});

describe("text without the shape of an id, null or undefined does not reach the store through", () => {
  test("load(), which finds nothing", async () => {
    await each(ids, async (id) => expect(await untypedCall(sessions, "load", id)).toBeUndefined());
  });

  test("open(), which creates a session with another id", async () => {
    await each(ids, async (id) => {
      const opened = Object(await untypedCall(sessions, "open", id));
      expect(opened.isNew).toBe(true);
      expect(opened.id).toMatch(/^[\w-]{43}$/);
      expect(Object.is(opened.id, id)).toBe(false);
    });
  });

  test("update(), which changes nothing", async () => {
    const change = () => {
      throw new Error("It was run.");
    };
    await each(ids, async (id) =>
      expect(await untypedCall(sessions, "update", id, change)).toBeUndefined(),
    );
  });

  test("destroy(), which ends nothing", async () => {
    await each(ids, async (id) =>
      expect(await untypedCall(sessions, "destroy", id)).toBeUndefined(),
    );
  });
});

describe("a value of another type is refused as an id, and the store is not asked, by", () => {
  test.each(["load", "open", "lookup", "update", "destroy"])("%s()", async (method) => {
    await each(otherTypes, async (id) => {
      const error = await expectCode(
        () => untypedCall(sessions, method, id, () => {}),
        "INVALID_OPTION",
      );
      expect(error.message).toContain("id must be a string");
    });
  });

  test("load(), which says so when a promise came", async () => {
    const error = await expectCode(
      () => untypedCall(sessions, "load", Promise.resolve(session.id)),
      "INVALID_OPTION",
    );
    expect(error.message).toContain("await it");
  });
});

describe("a value without the shape of a handle does not reach the store through", () => {
  test("revoke(), which ends nothing if it is text, null or undefined", async () => {
    await each(handles.filter(isAcceptable), async (handle) => {
      expect(await untypedCall(sessions, "revoke", handle)).toBe(false);
      expect(await untypedCall(sessions, "revoke", handle, { owner: "ada" })).toBe(false);
    });
  });

  test("revoke(), which refuses another type: nobody would hear that nothing was ended", async () => {
    await each([...otherTypes, session], async (handle) => {
      const error = await expectCode(
        () => untypedCall(sessions, "revoke", handle),
        "INVALID_OPTION",
      );
      expect(error.message).toContain("handle must be a string");
    });
  });

  test("revokeAll(), which refuses it as the session to except", async () => {
    await each(handles, (handle) =>
      expectCode(
        () => untypedCall(sessions, "revokeAll", "ada", { except: { handle } }),
        "INVALID_OPTION",
      ),
    );
  });

  test("revokeAll(), if the handle of the session to except changes when it is read again", async () => {
    store.seen.length = 0;
    for (const second of handles) {
      const answers = [session.handle, second];
      const except = {
        get handle() {
          return answers.length > 1 ? answers.shift() : answers[0];
        },
      };
      await Promise.resolve(untypedCall(sessions, "revokeAll", "bob", { except })).catch(() => {});
    }
    expect(new Set(store.seen)).toEqual(new Set([session.handle]));
  });
});

describe("a value that is no owner does not reach the store through", () => {
  const refused = (method: string, ...args: unknown[]) =>
    expectCode(() => untypedCall(sessions, method, ...args), "INVALID_OPTION");

  test("list()", async () => {
    await each(owners, (owner) => refused("list", owner));
  });

  test("revokeAll(), nor does undefined", async () => {
    await each([undefined, ...owners], (owner) => refused("revokeAll", owner));
  });

  test("revoke(), nor does undefined", async () => {
    await each([undefined, ...owners], (owner) => refused("revoke", session.handle, { owner }));
  });

  test("a session, which keeps its owner", async () => {
    await each(owners, (owner) =>
      expectCode(() => void Reflect.set(session, "owner", owner), "INVALID_OPTION"),
    );
    expect(session.owner).toBe("ada");
  });
});
