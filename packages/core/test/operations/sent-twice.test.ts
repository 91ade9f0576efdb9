import { beforeEach, expect, test } from "@jest/globals";
import { expectCode } from "@sess/test-support";
import { watchChannels } from "../support/channels.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world());
});

test("messages that an update() took are not shown again when its save acts twice", async () => {
  const session = await saved(sessions);
  session.flash("notice", "once");
  await session.save();
  faults.inject({ effect: "duplicate-second", method: "save" });
  const read: unknown[] = [];
  const updated = await sessions.update(session.id, async (fresh) => {
    read.push(...(await fresh.takeFlash("notice")));
  });
  expect(read).toEqual(["once"]);
  expect(await updated?.takeFlash("notice")).toEqual([]);
  await updated?.save();
  expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual([]);
});

test("a save that acts twice counts as saved", async () => {
  const session = await saved(sessions);
  session.set("x", 1);
  faults.inject({ effect: "duplicate-second", method: "save" });
  const { seen, stop } = watchChannels();
  await session.save();
  stop();
  const ends = seen.filter(({ name, phase }) => name === "save" && phase === "asyncEnd");
  expect(ends.map(({ event }) => event)).toEqual([expect.objectContaining({ outcome: "rebased" })]);
  expect(await stored(elsewhere, session.id)).toMatchObject({ x: 1 });
});

test("a first attempt that was stored is recognised after many later ones that failed", async () => {
  const session = await saved(sessions);
  session.flash("notice", "once");
  faults.inject({ effect: "reject-after", method: "save" });
  faults.inject({ effect: "reject-before", method: "save", call: 2, persistent: true });
  const { revision } = store.records.get(session.handle) ?? { revision: 0 };
  for (let round = 0; round < 8; round += 1) await expectCode(session.save(), "STORE_UNAVAILABLE");
  expect(store.records.get(session.handle)?.revision).toBe(revision + 1);
  await faults.heal();
  await session.save();
  expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["once"]);
});
