import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";

interface Messages {
  notice: string;
}

const sessions = new SessionManager<Record<string, unknown>, Messages>({
  store: new MemoryStore(),
});

// A request leaves a message and redirects.
const session = sessions.create();
session.flash("notice", "Your profile was saved.");
await session.save();

// The browser follows twice at once. Only one of the two requests shows the message.
const shown = await Promise.all([show(session.id), show(session.id)]);
console.log(shown.flat());

// A later request shows nothing.
console.log(await show(session.id));

await sessions.close();

async function show(id: string): Promise<string[]> {
  const request = await sessions.load(id);
  return request ? request.takeFlash("notice") : [];
}
