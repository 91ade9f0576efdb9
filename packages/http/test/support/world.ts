import { type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { type HttpOptions, session } from "@sess/http";
import { afterTest, SpyStore } from "@sess/test-support";
import type { Binding, Handler } from "./application.ts";
import { type Received, type Sent, send, sendHttp2 } from "./client.ts";

export interface WorldOptions {
  readonly options?: HttpOptions;
  readonly manager?: Partial<SessionManagerOptions>;
  /** Whether there is a second layer, called "admin", on a store of its own. */
  readonly hasAdmin?: boolean;
}

/** An application that runs, and its store. */
export interface World {
  readonly store: SpyStore;
  /** Stands before the store: what the application asks. */
  readonly faults: FaultyStore<SpyStore>;
  readonly sessions: SessionManager;
  readonly admins: SessionManager;
  readonly origin: string;
  send(path: string, sent?: Sent): Promise<Received>;
  /** A session that is stored with these values. */
  seed(values?: Record<string, unknown>): Promise<Session>;
  /** The `Cookie` header of its client. */
  cookie(of: Session): string;
}

/** Starts an application for the test that is running. */
export async function start(
  binding: Binding,
  handler: Handler,
  { options, manager, hasAdmin = false }: WorldOptions = {},
): Promise<World> {
  const store = new SpyStore();
  const faults = new FaultyStore(store);
  const sessions = new SessionManager({ store: faults, sweepInterval: 0, ...manager });
  const admins = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });
  const layers = [
    { sessions, ...(options && { options }) },
    ...(hasAdmin ? [{ sessions: admins, options: { name: "admin" } }] : []),
  ];
  const server = await binding.serve({ layers, handler });
  afterTest(async () => {
    await faults.heal();
    await server.close();
  });
  const { cookie } = session(sessions, options);
  return {
    store,
    faults,
    sessions,
    admins,
    origin: server.origin,
    send: (path, sent) => (binding.isHttp2 ? sendHttp2 : send)(`${server.origin}${path}`, sent),
    seed: async (values = { alias: "GoTamer" }) => {
      const seeded = sessions.create();
      for (const [key, value] of Object.entries(values)) seeded.set(key, value);
      await seeded.save();
      store.counts();
      return seeded;
    },
    cookie,
  };
}
