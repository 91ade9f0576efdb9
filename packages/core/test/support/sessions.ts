import { type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { SpyStore } from "@sess/test-support";

export interface World {
  /** Where the sessions are kept. */
  readonly store: SpyStore;
  /** Stands before it: what the managers call, and what faults are injected into. */
  readonly faults: FaultyStore<SpyStore>;
  readonly sessions: SessionManager;
  /** A manager on the same data, as another process has one. */
  readonly elsewhere: SessionManager;
}

/** Two managers over one store. Give `store` to put them on another one, past all faults. */
export function world(options: Partial<SessionManagerOptions> = {}): World {
  const store = new SpyStore();
  const faults = new FaultyStore(store);
  const settings = { store: faults, sweepInterval: 0, ...options };
  return {
    store,
    faults,
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

/** Another object of a stored session, as another request has it. */
export async function loaded(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.load(id);
  if (session === undefined) throw new Error("There is no such session.");
  return session;
}

/** The stored values of a session, by key; undefined if there is no such session. */
export async function stored(
  sessions: SessionManager,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const session = await sessions.load(id);
  return session && Object.fromEntries(session.keys().map((key) => [key, session.get(key)]));
}
