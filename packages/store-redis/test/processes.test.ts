import { expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { bundle, Program } from "./running.ts";
import { atEnd, connected, newPrefix, newStore } from "./scratch.ts";

orSkip(test, missingRedis())("four processes share sessions as one would have them", async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  const prefix = newPrefix();
  const sessions = new SessionManager({ store: newStore(await connected(url), prefix) });
  const [counted, flashed, held] = [sessions.create(), sessions.create(), sessions.create()];
  counted.set("views", 0);
  for (let number = 0; number < 10; number += 1) flashed.flash("info", number);
  held.set("alias", "GoTamer");
  for (const session of [counted, flashed, held]) await session.save();

  const program = bundle("share.ts");
  const args = [url, prefix, counted.id, flashed.id, held.id];
  const programs = Array.from({ length: 4 }, () => new Program(program, ...args));
  for (const each of programs) expect(await each.line()).toBe("ready");
  await held.destroy();
  for (const each of programs) each.tell("go");
  const said = await Promise.all(programs.map((each) => each.line()));
  const outcomes: { messages: number[]; saved: string }[] = said.map((line) => JSON.parse(line));

  // Nothing is lost: of 256 increments each one counts.
  await counted.reload();
  expect(counted.get("views")).toBe(256);
  // A message is read by one process, and by no other.
  const read = outcomes.flatMap(({ messages }) => messages);
  expect(read.sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // What was destroyed here cannot be saved there.
  expect(outcomes.map(({ saved }) => saved)).toEqual(Array(4).fill("SESSION_DESTROYED"));
  expect(await sessions.load(held.id)).toBeUndefined();
});
