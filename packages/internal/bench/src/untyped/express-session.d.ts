// express-session and stores for it, as far as they are called here.

declare module "express-session" {
  type Middleware = (request: object, reply: object, next: (error?: unknown) => void) => void;
  type MemoryStore = import("../contenders/express-session.ts").CallbackStore;

  const session: ((options: object) => Middleware) & { MemoryStore: new () => MemoryStore };
  export = session;
}

declare module "memorystore" {
  type Store = import("../contenders/express-session.ts").CallbackStore;
  type Sweeping = Store & { prune(): void; stopInterval(): void };

  const create: (session: object) => new (options: object) => Sweeping;
  export = create;
}

declare module "level-session-store" {
  type Store = import("../contenders/express-session.ts").CallbackStore;

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
