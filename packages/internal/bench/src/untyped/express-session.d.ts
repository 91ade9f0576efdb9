// Types of express-session and of stores for it, as far as they are used here.

declare module "express-session" {
  namespace session {
    type Done<Stored> = (error?: unknown, session?: Stored | null) => void;

    class Store<Stored> {
      get(id: string, done: Done<Stored>): unknown;
      set(id: string, session: Stored, done: Done<Stored>): unknown;
      touch(id: string, session: Stored, done: Done<Stored>): unknown;
    }

    class MemoryStore<Stored> extends Store<Stored> {}
  }

  function session(
    options: object,
  ): (request: object, reply: object, next: (error?: unknown) => void) => void;
  export = session;
}

declare module "memorystore" {
  import session from "express-session";

  class MemorySessionStore<Stored> extends session.Store<Stored> {
    constructor(options: { checkPeriod: number });
    prune(): void;
    stopInterval(): void;
  }

  function create(express: unknown): typeof MemorySessionStore;
  export = create;
}

declare module "level-session-store" {
  import session from "express-session";

  function create(express: unknown): new <Stored>(db: object) => session.Store<Stored>;
  export = create;
}

declare module "session-file-store" {
  import session from "express-session";

  function create(express: unknown): new <Stored>(options: object) => session.Store<Stored>;
  export = create;
}

declare module "connect-pg-simple" {
  import session from "express-session";

  function create(express: unknown): new <Stored>(options: object) => session.Store<Stored>;
  export = create;
}
