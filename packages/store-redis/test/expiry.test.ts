import { beforeAll, expect, test } from "@jest/globals";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, handle, record } from "@sess/test-support";
import { connected, newPrefix, newStore } from "./support/stores.ts";

let client: Awaited<ReturnType<typeof connected>>;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

orSkip(test, missingRedis())("a record is gone from the millisecond of its expiry on", async () => {
  const prefix = newPrefix();
  const store = newStore(client, prefix);
  // Redis has a key until the end of the millisecond that it is told.
  const last = () => lastMillisecond(`${prefix}${handle(1)}`);
  const first = record();
  await store.save(handle(1), first);
  expect(await last()).toBe(first.expiresAt - 1);
  await store.touch(handle(1), first.expiresAt + 5_000);
  expect(await last()).toBe(first.expiresAt + 4_999);
  await store.save(handle(1), { ...first, revision: 2, owner: "ada" });
  expect(await last()).toBe(first.expiresAt - 1);
});

/** Like PEXPIRETIME, which Redis 6.2 lacks. The largest of many: time may pass between TIME and PTTL. */
async function lastMillisecond(key: string): Promise<number> {
  const now = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)";
  const source = `${now} return now + redis.call('PTTL', KEYS[1])`;
  let last = 0;
  for (let time = 0; time < 20; time += 1) {
    const found = await client.sendCommand(["EVAL", source, "1", key]);
    last = Math.max(last, Number(found));
  }
  return last;
}
