import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";

interface Device {
  device: string;
}

const sessions = new SessionManager<Device>({ store: new MemoryStore() });

const laptop = await signIn("ada", "laptop");
const phone = await signIn("ada", "phone");
await signIn("ada", "tablet");
await signIn("bob", "desktop");
console.log("ada:", await devices("ada"));

// Ada ends one of her sessions. Her list shows handles, which nobody can use as ids.
console.log("phone ended:", await sessions.revoke(phone.handle, { owner: "ada" }));
console.log("ada:", await devices("ada"));

// With `owner`, nobody ends another user's session.
console.log("laptop ended by bob:", await sessions.revoke(laptop.handle, { owner: "bob" }));

// Sign out everywhere else.
console.log("ended elsewhere:", await sessions.revokeAll("ada", { except: laptop }));
console.log("ada:", await devices("ada"));
console.log("bob:", await devices("bob"));

await sessions.close();

async function signIn(user: string, device: string) {
  const session = sessions.create();
  session.owner = user;
  session.set("device", device);
  await session.save();
  return session;
}

async function devices(user: string): Promise<string> {
  const names: string[] = [];
  for await (const summary of sessions.list(user)) names.push(summary.get("device") ?? "?");
  return names.sort().join(", ");
}
