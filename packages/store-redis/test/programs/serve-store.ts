// The other process of the suite. Its client is of another kind than ours.
import { serveStore } from "@sess/core/conformance";
import { fromIoredis, RedisStore } from "@sess/store-redis";
import { Redis as Valkey } from "iovalkey";

const clients = new Map<string, Valkey>();

function clientOf(url: string): Valkey {
  const client = clients.get(url) ?? new Valkey(url);
  clients.set(url, client);
  return client;
}

serveStore(
  (address) => {
    const { url, prefix } = JSON.parse(address);
    return new RedisStore(fromIoredis(clientOf(url)), { prefix });
  },
  { clock: "server" },
);
