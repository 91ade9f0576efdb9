declare module "session-file-store" {
  import type session from "express-session";

  interface Options {
    path: string;
    /** In seconds. */
    ttl: number;
    reapInterval: number;
    logFn(message: string): void;
  }

  class FileStore extends session.Store {
    constructor(options: Options);
  }

  function create(express: typeof session): typeof FileStore;
  export = create;
}
