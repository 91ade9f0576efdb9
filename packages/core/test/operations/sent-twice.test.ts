import { beforeEach, expect, test } from "@jest/globals";
import { expectCode } from "../support/expect-code.ts";
import { faulty, first } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { watchChannels } from "../support/watched-channels.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

test("messages that an update() has read are not shown again where its save was sent twice", async () => {
  const session = await saved(sessions);
  session.flash("notice", "once");
  await session.save();
  store.around = faulty("applies twice", first("save"));
  const read: unknown[] = [];
  const updated = await sessions.update(session.id, async (fresh) => {
    read.push(...(await fresh.takeFlash("notice")));
  });
  expect(read).toEqual(["once"]);
  expect(await updated?.takeFlash("notice")).toEqual([]);
  await updated?.save();
  expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual([]);
});

test("a save that was sent twice counts as saved", async () => {
  const session = await saved(sessions);
  session.set("x", 1);
  store.around = faulty("applies twice", first("save"));
  const { seen, stop } = watchChannels();
  await session.save();
  stop();
  const ends = seen.filter(({ name, phase }) => name === "save" && phase === "asyncEnd");
  expect(ends.map(({ event }) => event)).toEqual([expect.objectContaining({ outcome: "rebased" })]);
  expect(await stored(elsewhere, session.id)).toMatchObject({ x: 1 });
});

test("a first attempt that landed is known again after many more that failed", async () => {
  const session = await saved(sessions);
  session.flash("notice", "once");
  const landed: string[] = [];
  store.around = async (call, apply) => {
    if (call.verb !== "save") return apply();
    if (landed.length === 0) landed.push(String(await apply()));
    throw new Error("the store is down");
  };
  for (let round = 0; round < 8; round += 1) await expectCode(session.save(), "STORE_UNAVAILABLE");
  store.forget();
  await session.save();
  expect(landed).toEqual(["true"]);
  expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["once"]);
});
