import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";

interface Messages {
  notice: string;
}

const sessions = new SessionManager<Record<string, unknown>, Messages>({
  store: new MemoryStore(),
});

// One request leaves a message and redirects.
const session = sessions.create();
session.flash("notice", "Your profile was saved.");
await session.save();

// The browser follows twice at once. One of the two shows the message.
const shown = await Promise.all([show(session.id), show(session.id)]);
console.log(shown.flat());

// And no later one.
console.log(await show(session.id));

await sessions.close();

async function show(id: string): Promise<string[]> {
  const request = await sessions.load(id);
  return request ? request.takeFlash("notice") : [];
}
