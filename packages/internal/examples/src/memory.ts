import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";

const sessions = new SessionManager({ store: new MemoryStore() });

const session = sessions.create();
session.set("alias", "GoTamer");
await session.save();
console.log(`saved ${session.handle}`);

const again = await sessions.load(session.id);
console.log(`loaded ${again?.handle}: alias is ${again?.get("alias")}`);

await sessions.close();
