import { type ChannelListener, subscribe, unsubscribe } from "node:diagnostics_channel";
import { format, inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { collect, SpyStore } from "@sess/test-support";

import { loaded, saved } from "./support/sessions.ts";
import { textsIn } from "./support/texts-in.ts";

let store: SpyStore;
let sessions: SessionManager;

beforeEach(() => {
  store = new SpyStore();
  sessions = new SessionManager({ store, maxBytes: 200 });
});

test("textsIn() finds the id of a session that it can reach", () => {
  const session = sessions.create();
  expect(textsIn({ found: [session] })).toContain(session.id);
});

describe("an id never appears", () => {
  test("when a session is printed, at any depth", async () => {
    const session = await saved(sessions, { cart: [1] });
    session.set("alias", "GoTamer");
    for (const subject of [session, sessions, { session }]) {
      for (const getters of [false, true, "get", "set"] as const) {
        const options = { depth: Infinity, showHidden: true, showProxy: true, getters };
        expect(inspect(subject, options)).not.toContain(session.id);
        expect(inspect(subject, options)).not.toContain("GoTamer");
      }
      expect(format("%o %O %j %s", subject, subject, subject, subject)).not.toContain(session.id);
      expect(JSON.stringify(subject)).not.toContain(session.id);
      expect(String(subject)).not.toContain(session.id);
    }
    expect(Object.keys(session)).toEqual([]);
  });

  test("but its handle does, when a session is printed", async () => {
    const session = await saved(sessions);
    expect(inspect({ session })).toContain(session.handle);
  });

  test("on the console, to which core writes nothing", async () => {
    const writers = [
      ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
        jest.spyOn(console, name),
      ),
      ...[process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write")),
    ];
    await wholeLife();
    await failures();
    expect(writers.flatMap((writer) => writer.mock.calls)).toEqual([]);
  });

  test.each([false, true])("in what the store is given, encrypt: %s", async (encrypt) => {
    sessions = new SessionManager({ store, encrypt });
    const { ids } = await wholeLife();
    expect(store.seen.length).toBeGreaterThan(5);
    for (const id of ids) expect(store.seen.filter((text) => text.includes(id))).toEqual([]);
  });

  test("in a summary, but the handle does", async () => {
    const session = await saved(sessions, { alias: "GoTamer" }, "me");
    const texts = textsIn(await collect(sessions.list("me")));
    expect(texts).toContain(session.handle);
    expect(texts.filter((text) => text.includes(session.id))).toEqual([]);
  });

  test("in an event, but the handle does", async () => {
    const events: unknown[] = [];
    const { ids, handle } = await listening(events, wholeLife);
    const texts = textsIn(events);
    expect(texts).toContain(handle);
    for (const id of ids) expect(texts.filter((text) => text.includes(id))).toEqual([]);
  });

  test("in an error", async () => {
    const { errors, ids } = await failures();
    const codes = errors.map((error) => (error instanceof SessionError ? error.code : error));
    expect(new Set(codes)).toEqual(
      new Set([
        "VALUE_NOT_SERIALIZABLE",
        "DATA_TOO_LARGE",
        "INVALID_OPTION",
        "SESSION_DESTROYED",
        "STORE_UNAVAILABLE",
        "RECORD_CORRUPT",
        "NOT_SUPPORTED",
        "STORE_CLOSED",
      ]),
    );
    const texts = errors.flatMap((error) => [
      ...textsIn(error),
      inspect(error, { depth: Infinity, showHidden: true }),
    ]);
    for (const id of ids) expect(texts.filter((text) => text.includes(id))).toEqual([]);
  });
});

/** Runs each operation once, with each id that the session has. */
async function wholeLife(): Promise<{ id: string; ids: string[]; handle: string }> {
  const session = await saved(sessions, { cart: [1] }, "me");
  const ids = [session.id];
  const other = await loaded(sessions, session.id);
  session.flash("info", "hello");
  await session.save();
  await other.takeFlash("info");
  await session.reload();
  await session.regenerate();
  ids.push(session.id);
  await sessions.load(ids[0]);
  await sessions.update(session.id, (fresh) => fresh.set("views", 1));
  await sessions.sweep();
  await other.save();
  await session.destroy();
  await other.destroy();
  return { id: session.id, ids, handle: session.handle };
}

/** Causes one failure of each kind, to sessions whose ids are known. */
async function failures(): Promise<{ errors: unknown[]; ids: string[] }> {
  const errors: unknown[] = [];
  const attempt = async (session: Session, task: () => unknown) => {
    try {
      await task();
    } catch (error) {
      errors.push(error);
    }
    return session.id;
  };
  const make = () => saved(sessions, { alias: "GoTamer" }, "me");
  const ids: string[] = [];
  const failing = async (task: (session: Session) => unknown) => {
    const session = await make();
    ids.push(await attempt(session, () => task(session)));
  };
  await failing((session) => session.set("when", new Date()));
  await failing((session) => {
    session.set("long", "x".repeat(300));
    return session.save();
  });
  await failing((session) => {
    session.owner = "";
  });
  await failing(async (session) => {
    await sessions.destroy(session.id);
    session.set("alias", "late");
    return session.save();
  });
  await failing(async (session) => {
    store.records.set(session.handle, { ...record(session), data: "nonsense" });
    return sessions.load(session.id);
  });
  await failing((session) => sessions.update(session.id, (inner) => inner.save()));
  await failing(async (session) => {
    store.around = () => Promise.reject(new Error("The engine failed."));
    return session.destroy();
  });
  store.forget();
  await failing(async (session) => {
    await sessions.close();
    return session.reload();
  });
  return { errors, ids };
}

function record({ handle }: Session) {
  const found = store.records.get(handle);
  if (found === undefined) throw new Error("It is not stored.");
  return found;
}

async function listening<T>(events: unknown[], task: () => Promise<T>): Promise<T> {
  const note: ChannelListener = (event) => void events.push(event);
  const names = ["load", "save", "regenerate", "delete", "sweep"].flatMap((name) =>
    ["start", "end", "asyncStart", "asyncEnd", "error"].map(
      (step) => `tracing:sess:${name}:${step}`,
    ),
  );
  for (const name of names) subscribe(name, note);
  try {
    return await task();
  } finally {
    for (const name of names) unsubscribe(name, note);
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});
