declare module "connect-pg-simple" {
  import type session from "express-session";
  import type { Pool } from "pg";

  interface Options {
    pool: Pool;
    schemaName: string;
    createTableIfMissing: boolean;
    pruneSessionInterval: false;
  }

  class PgStore extends session.Store {
    constructor(options: Options);
  }

  function connect(express: typeof session): typeof PgStore;
  export = connect;
}
