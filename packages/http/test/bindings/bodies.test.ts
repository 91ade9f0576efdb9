import { createHash } from "node:crypto";
import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { bindings } from "../support/bindings.ts";
import { start } from "../support/world.ts";

const CHUNK = Buffer.alloc(64 * 1024, "x");
/** 26 MB: more than any buffer on the way takes. */
const CHUNKS = 400;

/** A long stream that counts what is taken of it, in bytes. */
function longStream(): { stream: Readable; taken: () => number } {
  let sent = 0;
  const stream = new Readable({
    read() {
      sent += 1;
      this.push(sent > CHUNKS ? null : CHUNK);
    },
  });
  return { stream, taken: () => sent * CHUNK.length };
}

describe.each(bindings)("$name: a stream", (binding) => {
  test("begins with the cookie of what was changed before", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { body: Readable.from(["Hello, ", "world."]) };
    });
    expect(await world.send("/")).toMatchObject({
      status: 200,
      body: "Hello, world.",
      cookies: [expect.stringMatching(/^__Host-Http-session=/)],
    });
  });

  test("of 26 MB waits for a slow save in bounded memory, and arrives whole", async () => {
    const { stream, taken } = longStream();
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { body: stream };
    });
    const hanging = world.faults.inject({ method: "save", effect: "hang-before" });
    const answer = world.send("/");
    await hanging.firstHit;
    for (let ticks = 0; ticks < 50; ticks += 1) await new Promise(setImmediate);
    expect(taken()).toBeLessThan(1_000_000);
    await hanging.heal();
    const { body } = await answer;
    const expected = createHash("sha256");
    for (let index = 0; index < CHUNKS; index += 1) expected.update(CHUNK);
    expect(createHash("sha256").update(body).digest("hex")).toBe(expected.digest("hex"));
  });

  test("whose session cannot be saved is an error's, without a byte of it", async () => {
    const { stream } = longStream();
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { body: stream };
    });
    world.faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await world.send("/");
    expect(answer).toMatchObject({ status: 503, cookies: [] });
    expect(answer.body).not.toContain("xx");
  });
});

describe.each(bindings.filter(({ isHttp2 }) => !isHttp2))(
  "$name: a client that goes",
  (binding) => {
    test("while the session is saved does not keep it from being saved", async () => {
      const world = await start(binding, async ({ session }) => {
        (await session).set("alias", "Saved");
        return { body: "ok" };
      });
      const seeded = await world.seed();
      const hanging = world.faults.inject({ method: "save", effect: "hang-before" });
      const request = get(world.origin, {
        headers: { cookie: world.cookie(seeded) },
        agent: false,
      });
      request.on("error", () => {});
      await hanging.firstHit;
      request.destroy();
      await new Promise((resolve) => request.once("close", resolve));
      await hanging.heal();
      const saved = await world.sessions.load(seeded.id);
      expect(saved?.get("alias")).toBe("Saved");
      expect((await world.send("/")).body).toBe("ok");
    });

    test("before it has read the answer leaves the server alive", async () => {
      const { stream } = longStream();
      const world = await start(binding, async ({ session, path }) => {
        (await session).set("alias", "GoTamer");
        return { body: path === "/" ? stream : "alive" };
      });
      const { port } = new URL(world.origin);
      const socket = connect(Number(port), "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await once(socket, "data");
      socket.destroy();
      expect((await world.send("/alive")).body).toBe("alive");
    });
  },
);
