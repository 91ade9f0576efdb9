import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, bundle, Program } from "@sess/test-support";
import { connected, newPrefix, newStore } from "./support/stores.ts";

orSkip(test, missingRedis())("four processes share sessions and lose nothing", async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  const prefix = newPrefix();
  const sessions = new SessionManager({ store: newStore(await connected(url), prefix) });
  const [counted, flashed, held] = [sessions.create(), sessions.create(), sessions.create()];
  counted.set("views", 0);
  for (let number = 0; number < 10; number += 1) flashed.flash("info", number);
  held.set("alias", "GoTamer");
  for (const session of [counted, flashed, held]) await session.save();

  const file = bundle(join(__dirname, "programs/share.ts"));
  const args = [url, prefix, counted.id, flashed.id, held.id];
  const programs = Array.from({ length: 4 }, () => Program.node(file, args));
  for (const program of programs) expect(await program.line()).toBe("ready");
  await held.destroy();
  for (const program of programs) program.tell("go");
  const lines = await Promise.all(programs.map((program) => program.line()));
  const outcomes: { messages: number[]; saved: string }[] = lines.map((line) => JSON.parse(line));

  // Each of 256 increments counts.
  await counted.reload();
  expect(counted.get("views")).toBe(256);
  // Each message is read by one process.
  const read = outcomes.flatMap(({ messages }) => messages);
  expect(read.sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // What was destroyed here cannot be saved there.
  expect(outcomes.map(({ saved }) => saved)).toEqual(Array(4).fill("SESSION_DESTROYED"));
  expect(await sessions.load(held.id)).toBeUndefined();
});
