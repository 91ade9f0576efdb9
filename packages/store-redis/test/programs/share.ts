// One of many processes that share sessions. It holds one; once told to go, it counts in another, takes the
// flash messages of a third, and saves the one that it holds. It writes one line that says what came of it.
import { once } from "node:events";
import { SessionError, SessionManager } from "@sess/core";
import { RedisStore } from "@sess/store-redis";
import { createClient } from "redis";

async function share([url = "", prefix = "", counted = "", flashed = "", held = ""]: string[]) {
  const client = createClient({ url });
  await client.connect();
  const sessions = new SessionManager({ store: new RedisStore(client, { prefix }) });

  const session = await sessions.load(held);
  session?.set("late", true);
  process.stdout.write("ready\n");
  await once(process.stdin, "data");

  const counting = Array.from({ length: 64 }, () =>
    sessions.update(counted, (each) => each.set("views", (each.get("views") ?? 0) + 1)),
  );
  const messages = await (await sessions.load(flashed))?.takeFlash("info");
  const saved = await session?.save().then(
    () => "saved",
    (error: unknown) => (error instanceof SessionError ? error.code : String(error)),
  );
  await Promise.all(counting);
  process.stdout.write(`${JSON.stringify({ messages, saved })}\n`, () => process.exit());
}

void share(process.argv.slice(2));
