declare module "level-session-store" {
  import type session from "express-session";
  import type { Level } from "level";

  class LevelSessionStore extends session.Store {
    constructor(db: Level<string, string>);
  }

  function create(express: typeof session): typeof LevelSessionStore;
  export = create;
}
