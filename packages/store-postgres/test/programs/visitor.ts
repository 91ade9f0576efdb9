// Does what it is told, line by line, as one of several processes that share a database.
import { createInterface } from "node:readline";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { PostgresStore } from "@sess/store-postgres";
import { Pool } from "pg";

const [, , connectionString, schema = "", table = ""] = process.argv;
const pool = new Pool({ connectionString });
const sessions = new SessionManager({ store: new PostgresStore(pool, { schema, table }) });
let held: Session | undefined;

const tasks: Record<string, (id: string) => Promise<unknown>> = {
  async count(id) {
    const addOne = () =>
      sessions.update(id, (session) => session.set("count", session.get("count") + 1));
    await Promise.all(Array.from({ length: 64 }, addOne));
    return "counted";
  },
  async read(id) {
    const readAll = async () => (await sessions.load(id))?.takeFlash("info");
    return (await Promise.all(Array.from({ length: 8 }, readAll))).flat();
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

async function work(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [task = "", id = ""] = line.split(" ");
    const result = (await tasks[task]?.(id)) ?? null;
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  await sessions.close();
  await pool.end();
}

void work();
