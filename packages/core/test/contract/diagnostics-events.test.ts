import { type Channel, channel, tracingChannel } from "node:diagnostics_channel";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { type Watch, watchChannels } from "../support/channels.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { textsIn } from "../support/texts-in.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(() => {
  jest.restoreAllMocks();
});

const absent = "a".repeat(43);

/** Watches the channels while `task` runs. */
async function watch(task: () => unknown): Promise<Watch> {
  const watched = watchChannels();
  await task();
  watched.stop();
  return watched;
}

test("one event object is published from start to end", async () => {
  const { id } = await saved(sessions);
  const { seen } = await watch(() => sessions.load(id));
  const phases = seen.map(({ phase }) => phase);
  expect(phases).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
  expect(new Set(seen.map(({ event }) => event)).size).toBe(1);
});

test("no event holds an id or a value at any depth", async () => {
  const ids = [absent];
  const watched = watchChannels();
  const session = sessions.create();
  ids.push(session.id);
  session.set("secret", "s3cret");
  session.flash("notice", "s3cret");
  await session.save();
  await session.regenerate();
  ids.push(session.id);
  const other = await loaded(elsewhere, session.id);
  await elsewhere.update(session.id, (each) => each.set("secret", "s3cret too"));
  await other.takeFlash("notice");
  faults.inject({ effect: "reject-before", method: "save" });
  other.set("secret", "s3cret");
  await expectCode(other.save(), "STORE_UNAVAILABLE");
  await sessions.revoke(other.handle);
  await expectCode(other.save(), "SESSION_DESTROYED");
  await sessions.open(absent);
  await sessions.destroy(absent);
  await sessions.sweep();
  watched.stop();
  const texts = textsIn(watched.seen.map(({ event }) => event));
  expect(watched.seen.length).toBeGreaterThan(40);
  expect(texts.filter((text) => ids.some((id) => text.includes(id)))).toEqual([]);
  expect(texts.filter((text) => text.includes("s3cret"))).toEqual([]);
});

test("nothing is traced or published while nobody subscribes", async () => {
  const tracing = jest.spyOn(Object.getPrototypeOf(tracingChannel("sess:load")), "tracePromise");
  const prototype: Channel = Object.getPrototypeOf(channel("sess test of its own"));
  const publish = jest.spyOn(prototype, "publish");
  const runStores = jest.spyOn(prototype, "runStores");
  await using manager = new SessionManager({ store, sweepInterval: 0 });
  const session = await saved(manager);
  await (await loaded(manager, session.id)).destroy();
  await manager.sweep();
  for (const spy of [tracing, publish, runStores]) expect(spy).not.toHaveBeenCalled();
  await watch(() => sessions.load(session.id));
  expect(tracing).toHaveBeenCalledTimes(1);
});
