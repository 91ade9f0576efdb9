import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import {
  METHODS,
  type Method,
  type Outcome,
  STATE_TABLE,
  type State,
  stateTableMarkdown,
} from "../support/state-table.ts";
import { HOUR, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

/** What another saves, for a reload to find. */
const THEIRS = { alias: "GoTamer", theirs: true };

async function existing(): Promise<Session> {
  const session = await saved(sessions);
  session.flash("notice", "hello");
  await session.save();
  return loaded(sessions, session.id);
}

async function changed(): Promise<Session> {
  const session = await existing();
  session.set("mine", true);
  return session;
}

const states: Record<State, () => Promise<Session>> = {
  new: async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    session.flash("notice", "hello");
    return session;
  },
  loaded: existing,
  changed,
  "destroyed here": async () => {
    const session = await changed();
    await session.destroy();
    return session;
  },
  "destroyed elsewhere": async () => {
    const session = await changed();
    await elsewhere.destroy(session.id);
    return session;
  },
  expired: async () => {
    const session = await changed();
    jest.setSystemTime(Date.now() + 24 * HOUR);
    return session;
  },
};

const calls: Record<Method, (session: Session) => unknown> = {
  get: (session) => session.get("alias"),
  set: (session) => session.set("later", true),
  save: (session) => session.save(),
  reload: (session) => session.reload(),
  regenerate: (session) => session.regenerate(),
  destroy: (session) => session.destroy(),
  takeFlash: (session) => session.takeFlash("notice"),
  owner: (session) => Object.assign(session, { owner: "ada" }),
};

/** Proves an outcome. `call` makes the call; the store has not been asked before. */
type Proof = (session: Session, call: () => unknown) => Promise<void>;

const outcomes: Record<Outcome, Proof> = {
  "the value": async (_, call) => {
    expect(call()).toBe("GoTamer");
    expect(store.calls).toEqual([]);
  },
  undefined: async (_, call) => {
    expect(call()).toBeUndefined();
  },
  "changes this object": async (session, call) => {
    const before = [session.get("later"), session.owner];
    call();
    expect([session.get("later"), session.owner]).not.toEqual(before);
    expect(store.calls).toEqual([]);
  },
  "stores the session": async (session, call) => {
    await call();
    expect(store.calls).toEqual(["save"]);
    expect(session.isNew).toBe(false);
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
  },
  "nothing to do": async ({ id }, call) => {
    const before = new Map(store.records);
    await call();
    expect(store.calls).toEqual([]);
    expect(store.records).toEqual(before);
    expect(id).toMatch(/^[\w-]{43}$/);
  },
  "stores the changes": async ({ id }, call) => {
    await call();
    expect(store.calls).toEqual(["save"]);
    expect(await stored(elsewhere, id)).toEqual({ alias: "GoTamer", mine: true });
  },
  "the newest state": async (session, call) => {
    await another(session.id);
    await call();
    expect(valuesOf(session)).toEqual(THEIRS);
  },
  "the newest state under the changes": async (session, call) => {
    await another(session.id);
    await call();
    expect(valuesOf(session)).toEqual({ ...THEIRS, mine: true });
    expect(await stored(elsewhere, session.id)).toEqual(THEIRS);
  },
  "another id, not stored": async (session, call) => {
    const { id } = session;
    await call();
    expect(session.id).not.toBe(id);
    expect(session.isNew).toBe(true);
    expect(store.calls).toEqual([]);
  },
  "another id, stored": (session, call) => moved(session, call, { alias: "GoTamer" }),
  "another id, stored with the changes": (session, call) =>
    moved(session, call, { alias: "GoTamer", mine: true }),
  "empties this object": async (session, call) => {
    await call();
    expect(session.keys()).toEqual([]);
    expect(() => session.set("a", 1)).toThrow("ended");
    expect(await elsewhere.load(session.id)).toBeUndefined();
  },
  "ends the session": async (session, call) => {
    await call();
    expect(store.calls).toContain("delete");
    expect(session.keys()).toEqual([]);
    expect(store.records.size).toBe(0);
  },
  "its unsaved messages": async (_, call) => {
    expect(await call()).toEqual(["hello"]);
    expect(store.calls).toEqual([]);
  },
  "the messages, removed in the store": async ({ id }, call) => {
    expect(await call()).toEqual(["hello"]);
    expect(await (await loaded(elsewhere, id)).takeFlash("notice")).toEqual([]);
    expect(await stored(elsewhere, id)).toEqual({ alias: "GoTamer" });
  },
  SESSION_DESTROYED: async ({ id }, call) => {
    await expectCode(call, "SESSION_DESTROYED");
    expect(await elsewhere.load(id)).toBeUndefined();
  },
};

async function another(id: string): Promise<void> {
  const other = await loaded(elsewhere, id);
  other.set("theirs", true);
  await other.save();
}

async function moved(session: Session, call: () => unknown, values: object): Promise<void> {
  const { id } = session;
  await call();
  expect(session.id).not.toBe(id);
  expect(await elsewhere.load(id)).toBeUndefined();
  expect(await stored(elsewhere, session.id)).toEqual(values);
}

function valuesOf(session: Session): Record<string, unknown> {
  return Object.fromEntries(session.keys().map((key) => [key, session.get(key)]));
}

describe.each(STATE_TABLE)("a session that is $state ($means):", (row) => {
  test.each(METHODS.map((method): [Method, Outcome] => [method, row[method]]))(
    "%s: %s",
    async (method, outcome) => {
      const session = await states[row.state]();
      store.forget();
      await outcomes[outcome](session, () => calls[method](session));
    },
  );
});

test("the table has a row for each state and reads as Markdown", () => {
  expect(STATE_TABLE.map(({ state }) => state)).toEqual(Object.keys(states));
  const lines = stateTableMarkdown().split("\n");
  expect(lines).toHaveLength(STATE_TABLE.length + 2);
  for (const line of lines) expect(line.match(/\|/g)).toHaveLength(METHODS.length + 2);
});
