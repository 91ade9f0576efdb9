import { RedisStore } from "@sess/store-redis";
import { createClient } from "redis";

type Client = ReturnType<typeof makeClient>;

/** A store with a client of its own: who opens closes. */
class OwnRedisStore extends RedisStore {
  readonly #client: Client;

  constructor(client: Client) {
    super(client);
    this.#client = client;
  }

  override async close(): Promise<void> {
    await super.close();
    if (this.#client.isOpen) await this.#client.close();
  }
}

/** The application's store in Redis, for as many processes as there are. */
export async function openRedisStore(): Promise<RedisStore> {
  const client = makeClient();
  // It connects again by itself. Without a listener a lost connection would end the process.
  client.on("error", (error) => console.error(error.message));
  await client.connect();
  return new OwnRedisStore(client);
}

function makeClient() {
  const url = process.env["REDIS_URL"] ?? "redis://localhost:6379";
  return createClient({ url, disableOfflineQueue: true });
}
