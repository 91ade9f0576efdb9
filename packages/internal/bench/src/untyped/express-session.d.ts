// express-session and stores for it, as far as they are called here.

declare module "express-session" {
  type Values = import("../accesses/session-values.ts").Values;

  namespace session {
    /** A session as express-session and @fastify/session hand it to their stores. */
    type Stored = Partial<Values> & { cookie: { expires?: string | Date | null; maxAge?: number } };

    type Done = (error?: unknown, session?: Stored | null) => void;

    interface Store {
      get(id: string, done: Done): unknown;
      set(id: string, session: Stored, done: Done): unknown;
      touch?(id: string, session: Stored, done: Done): unknown;
    }

    const MemoryStore: new () => Store;
  }

  function session(
    options: object,
  ): (request: object, reply: object, next: (error?: unknown) => void) => void;
  export = session;
}

declare module "memorystore" {
  import type { Store } from "express-session";

  type Sweeping = Store & { prune(): void; stopInterval(): void };
  const create: (session: object) => new (options: object) => Sweeping;
  export = create;
}

declare module "level-session-store" {
  import type { Store } from "express-session";

  const create: (session: object) => new (options: object) => Store;
  export = create;
}

declare module "session-file-store" {
  import create from "level-session-store";
  export = create;
}

declare module "connect-pg-simple" {
  import create from "level-session-store";
  export = create;
}
