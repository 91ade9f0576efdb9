import { PostgresStore } from "@sess/store-postgres";
import type { Contender } from "../contender.ts";
import { ManagerSessions } from "../manager-sessions.ts";
import { openPool } from "../postgres-pool.ts";

export const contender: Contender = {
  title: "@sess PostgresStore",
  lacks: [],
  open: async ({ size, url }) => {
    const { pool, schema, close } = await openPool(url, "sess");
    const store = new PostgresStore(pool, { schema });
    await store.createTable();
    return new ManagerSessions(store, size, close);
  },
};
