import { readFile } from "node:fs/promises";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";

const [location = "./sessions", ticket = "./session-id"] = process.argv.slice(2);

const sessions = new SessionManager({ store: await LevelStore.open(location) });

const session = await sessions.load(await readFile(ticket, "utf8"));
console.log(
  session
    ? `loaded ${session.handle}: alias is ${session.get("alias")}`
    : "there is no such session",
);

await sessions.close();
