import { type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { ReferenceStore } from "./reference-store.ts";

export interface World {
  readonly store: ReferenceStore;
  readonly sessions: SessionManager;
  /** A manager as another process would have it, on the same data. */
  readonly elsewhere: SessionManager;
}

export function world(options: Partial<SessionManagerOptions> = {}): World {
  const store = new ReferenceStore();
  const settings = { store, sweepInterval: 0, ...options };
  return {
    store,
    sessions: new SessionManager(settings),
    elsewhere: new SessionManager(settings),
  };
}

/** A session that was saved with `values`. */
export async function saved(
  sessions: SessionManager,
  values: Record<string, unknown> = { alias: "GoTamer" },
  owner?: string,
): Promise<Session> {
  const session = sessions.create();
  for (const [key, value] of Object.entries(values)) session.set(key, value);
  session.owner = owner;
  await session.save();
  return session;
}

/** A session of its own object, as another request has it. */
export async function loaded(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.load(id);
  if (session === undefined) throw new Error("There is no such session.");
  return session;
}

/** What is stored under `id`, by key. */
export async function stored(
  sessions: SessionManager,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const session = await sessions.load(id);
  return session && Object.fromEntries(session.keys().map((key) => [key, session.get(key)]));
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
