import { writeFile } from "node:fs/promises";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";

const [location = "./sessions", ticket = "./session-id"] = process.argv.slice(2);

const sessions = new SessionManager({ store: await LevelStore.open(location) });

const session = sessions.create();
session.set("alias", "GoTamer");
await session.save();
await sessions.close();

// The id is the client's secret, usually in a cookie. Here a file plays the client.
await writeFile(ticket, session.id, { mode: 0o600 });
console.log(`saved ${session.handle}`);
