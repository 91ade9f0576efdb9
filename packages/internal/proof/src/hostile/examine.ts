import assert from "node:assert/strict";
import { type Session, SessionError, type SessionManager } from "@sess/core";

/** What came of a record that was altered. */
export type Verdict = "a session" | "none" | "refused";

/** A lifetime that was altered may be over, and a number so large that JSON reads it as infinite. */
const TYPED = new Set(["RECORD_CORRUPT", "SESSION_DESTROYED", "VALUE_NOT_SERIALIZABLE"]);

const KEYS = ["alias", "cart", "key 7", "__proto__"];

/**
 * Does everything with a record that can be done with it. What fails must fail as a damaged record does;
 * what does not must be plain data, and a session that was saved must load again.
 *
 * @param byOwner - Whether all sessions of its owner are ended first.
 */
export async function examine(
  sessions: SessionManager,
  id: string,
  byOwner: boolean,
): Promise<Verdict> {
  await outcome(() => list(sessions));
  const verdict = await outcome(() => use(sessions, id));
  // It can be ended, damaged or not.
  if (byOwner) await outcome(() => sessions.revokeAll("ada"));
  await sessions.destroy(id);
  assert.equal(await sessions.load(id), undefined, "it must have ended");
  assert.equal(Object.keys(Object.prototype).length, 0);
  assert.equal(Reflect.get({}, "polluted"), undefined);
  return verdict;
}

async function outcome(task: () => Promise<unknown>): Promise<Verdict> {
  try {
    return (await task()) === undefined ? "none" : "a session";
  } catch (error) {
    if (error instanceof SessionError && TYPED.has(error.code)) return "refused";
    throw error;
  }
}

async function list(sessions: SessionManager): Promise<void> {
  for await (const summary of sessions.list()) {
    for (const key of KEYS) await outcome(async () => assertPlain(summary.get(key)));
  }
}

async function use(sessions: SessionManager, id: string): Promise<Session | undefined> {
  const session = await sessions.load(id);
  if (session === undefined) return undefined;
  for (const key of [...session.keys(), ...KEYS]) {
    session.has(key);
    assertPlain(session.get(key));
  }
  assertPlain(await session.takeFlash("notice"));
  session.set("added", "value");
  await session.save();
  const again = await sessions.load(id).catch((cause: unknown) => {
    throw new Error("A save was acknowledged that cannot be read.", { cause });
  });
  assert.equal(again?.get("added"), "value");
  return session;
}

/** Its prototypes must be those that a parser gives. */
function assertPlain(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const parent = Object.getPrototypeOf(value);
  assert.ok(parent === Object.prototype || parent === Array.prototype, "it must be plain");
  for (const name of Object.getOwnPropertyNames(value)) {
    if (name !== "__proto__") assertPlain(Reflect.get(value, name));
  }
}
