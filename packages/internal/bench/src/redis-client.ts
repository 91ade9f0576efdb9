import { createClient } from "redis";

/** A client, and how it ends: what was stored under its prefix goes too. */
export async function openClient(url = "", prefix = "") {
  const client = createClient({ url });
  await client.connect();
  const close = async () => {
    for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.close();
  };
  return { client, close };
}
