declare module "express-session" {
  import { EventEmitter } from "node:events";
  import type { Values } from "../session-values.ts";

  namespace session {
    interface Cookie {
      originalMaxAge: number | null;
      expires: string | Date | null;
      httpOnly: boolean;
      path: string;
    }

    type Stored = Values & { cookie: Cookie };

    class Store extends EventEmitter {
      get(id: string, done: (error?: unknown, session?: Stored | null) => void): unknown;
      set(id: string, session: Stored, done: (error?: unknown) => void): unknown;
      touch(id: string, session: Stored, done: (error?: unknown) => void): unknown;
    }

    class MemoryStore extends Store {
      readonly sessions: Record<string, string>;
    }

    interface Options {
      store: Store;
      secret: string;
      resave: boolean;
      saveUninitialized: boolean;
      cookie: { maxAge: number };
    }

    /** What the middleware adds to a request. */
    interface WithSession {
      session?: Stored;
    }

    type Middleware = (request: object, reply: object, next: (error?: unknown) => void) => void;
  }

  function session(options: session.Options): session.Middleware;
  export = session;
}
