import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { fromIoredis } from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisServer } from "@sess/test-servers";
import { afterTests, handle, Program, record, rejection, scratch } from "@sess/test-support";
import { build } from "esbuild";
import { Redis as Ioredis } from "ioredis";
import { createClient } from "redis";
import { newStore } from "./support/stores.ts";

const unavailable = {
  code: "STORE_UNAVAILABLE",
  message: expect.stringContaining("It took longer than the client waits."),
};

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
  afterTests(() => server.stop());
});

/** Calls until the client is connected again. */
async function recovered<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      return await call();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return call();
}

orSkip(describe, missingRedisServer())("when the server is frozen", () => {
  test("calls over a client of redis that has time limits reject, and succeed when it goes on", async () => {
    const client = createClient({
      url: server.url,
      disableOfflineQueue: true,
      pingInterval: 100,
      socket: { connectTimeout: 500, socketTimeout: 500, reconnectStrategy: () => 20 },
    });
    client.on("error", () => {});
    await client.connect();
    afterTests(() => client.destroy());
    const store = newStore(client);
    const first = record();
    await store.save(handle(1), first);
    server.freeze();
    const errors = await Promise.all([
      rejection(store.save(handle(2), record())),
      rejection(store.load(handle(1))),
      rejection(store.touch(handle(1), first.expiresAt + 1, 1)),
      rejection(store.delete(handle(1), 1)),
    ]);
    server.thaw();
    for (const error of errors) expect(error).toMatchObject(unavailable);
    expect(await recovered(() => store.save(handle(3), first))).toBe(true);
    expect(await store.load(handle(3))).toEqual(first);
  });

  test("calls over a client of ioredis that has time limits reject, and succeed when it goes on", async () => {
    const client = new Ioredis(server.url, { commandTimeout: 500, socketTimeout: 500 });
    client.on("error", () => {});
    afterTests(() => client.disconnect());
    const store = newStore(fromIoredis(client));
    const first = record();
    await store.save(handle(1), first);
    server.freeze();
    const errors = await Promise.all([
      rejection(store.save(handle(2), record())),
      rejection(store.load(handle(1))),
    ]);
    server.thaw();
    for (const error of errors) expect(error).toMatchObject(unavailable);
    expect(await recovered(() => store.save(handle(3), first))).toBe(true);
  });

  test.each([
    ["before it connects", "await client.connect();"],
    ["before it saves", "await session.save();"],
  ])(
    "the README's first sample ends with an error, frozen %s",
    async (_, line) => {
      const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
      const [, sample = ""] = /```ts\n([\s\S]+?)```/.exec(readme) ?? [];
      expect(sample).toContain(line);
      const frozen = await RedisServer.start();
      afterTests(() => frozen.stop());
      const program = await compiled(
        sample.replace(
          line,
          `process.stdin.resume();
      console.log("ready"); await new Promise((go) => process.stdin.once("data", go));
      process.stdin.destroy(); ${line}`,
        ),
      );
      const env = { ...process.env, REDIS_URL: frozen.url };
      const running = Program.node(program, [], { env, stdio: ["pipe", "pipe", "ignore"] });
      expect(await running.line()).toBe("ready");
      frozen.freeze();
      running.tell("go");
      expect(await running.allLines()).toEqual([]);
      expect(running.process.exitCode).not.toBe(0);
    },
    60_000,
  );
});

/** A program that Node runs, made of a sample. */
async function compiled(source: string): Promise<string> {
  const folder = scratch();
  const [from, to] = [join(folder, "sample.ts"), join(folder, "sample.mjs")];
  writeFileSync(from, source);
  const packages = join(__dirname, "../../..");
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: "node",
    format: "esm",
    nodePaths: [join(packages, "node_modules")],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    alias: {
      "@sess/core": join(packages, "packages/core/src/index.ts"),
      "@sess/core/adapter": join(packages, "packages/core/src/adapter.ts"),
      "@sess/store-redis": join(packages, "packages/store-redis/src/index.ts"),
    },
  });
  return to;
}
