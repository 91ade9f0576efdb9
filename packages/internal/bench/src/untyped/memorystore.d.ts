declare module "memorystore" {
  import type session from "express-session";

  class MemorySessionStore extends session.Store {
    constructor(options: { checkPeriod: number });
    readonly store: { set(id: string, text: string, ttl: number): unknown };
    prune(): void;
    stopInterval(): void;
  }

  function create(express: typeof session): typeof MemorySessionStore;
  export = create;
}
