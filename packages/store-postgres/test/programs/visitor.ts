// Does what it is told, a line each, as one of several processes that share a database.
import { createInterface } from "node:readline";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { PostgresStore } from "@sess/store-postgres";
import { Pool } from "pg";

const [, , url = "", schema = ""] = process.argv;
const pool = new Pool({ connectionString: url });
const sessions = new SessionManager({ store: new PostgresStore(pool, { schema }) });
let held: Session | undefined;

const tasks: Record<string, (id: string) => Promise<unknown>> = {
  async count(id) {
    const one = () =>
      sessions.update(id, (session) => session.set("count", session.get("count") + 1));
    await Promise.all(Array.from({ length: 64 }, one));
    return "counted";
  },
  async read(id) {
    const one = async () => (await sessions.load(id))?.takeFlash("info");
    return (await Promise.all(Array.from({ length: 8 }, one))).flat();
  },
  async load(id) {
    held = await sessions.load(id);
    return held?.get("alias");
  },
  async save() {
    held?.set("late", true);
    return held?.save().catch((error: unknown) => {
      if (error instanceof SessionError) return error.code;
      throw error;
    });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [task = "", id = ""] = line.split(" ");
  process.stdout.write(`${JSON.stringify(await tasks[task]?.(id))}\n`);
}
await sessions.close();
await pool.end();
