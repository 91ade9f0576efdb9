import { SessionError, type SessionManager } from "@sess/core";
import type { Random } from "../random.ts";
import { type Load, type Operation, Recorder } from "./operation.ts";
import { GONE, type SessionCall } from "./session-specification.ts";

/** A session that lanes share, and what they did to it. */
interface Shared {
  readonly id: string;
  readonly recorder: Recorder<SessionCall, string>;
}

/** Calls a few sessions from many lanes at once; a new one follows each that has ended. */
export async function sessionHistories(
  managers: readonly SessionManager[],
  random: Random,
  { lanes, targets, calls }: Load,
): Promise<Operation<SessionCall, string>[][]> {
  const manager = () => random.pick(managers);
  const shared = await Promise.all(Array.from({ length: targets }, () => begin(manager())));
  const histories = shared.map(({ recorder }) => recorder.operations);
  async function run(lane: number): Promise<void> {
    for (let count = 0; count < calls; count += 1) {
      const target = random.pick(shared);
      const call = draw(random, `${lane}.${count}`);
      const ask = () => carryOut(manager(), target.id, call);
      if ((await target.recorder.record(call, ask)) !== GONE) continue;
      const fresh = await begin(manager());
      const at = shared.indexOf(target);
      // Another lane may have been first.
      if (at < 0) continue;
      shared[at] = fresh;
      histories.push(fresh.recorder.operations);
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return histories;
}

async function begin(manager: SessionManager): Promise<Shared> {
  const session = manager.create();
  session.set("count", 0);
  session.set("note", "");
  // Saving the same object again is safe after a rejection.
  while (session.isNew) await session.save().catch(() => {});
  return { id: session.id, recorder: new Recorder() };
}

function draw(random: Random, text: string): SessionCall {
  const kind = random.below(100);
  if (kind < 35) return { do: "read" };
  if (kind < 60) return { do: "count" };
  if (kind < 75) return { do: "note", text };
  if (kind < 87) return { do: "flash", text };
  return { do: kind < 99 ? "take" : "destroy" };
}

async function carryOut(manager: SessionManager, id: string, call: SessionCall): Promise<string> {
  try {
    return await ask(manager, id, call);
  } catch (error) {
    if (error instanceof SessionError && error.code === "SESSION_DESTROYED") return GONE;
    throw error;
  }
}

async function ask(manager: SessionManager, id: string, call: SessionCall): Promise<string> {
  if (call.do === "destroy") {
    await manager.destroy(id);
    return "done";
  }
  if (call.do === "count") return count(manager, id);
  const session = await manager.load(id);
  if (session === undefined) return GONE;
  if (call.do === "read") return `${session.get("count")} ${session.get("note")}`;
  if (call.do === "take") return `${(await session.takeFlash("info")).sort()}`;
  if (call.do === "note") session.set("note", call.text);
  else session.flash("info", call.text);
  await session.save();
  return "done";
}

async function count(manager: SessionManager, id: string): Promise<string> {
  let before = 0;
  const updated = await manager.update(id, (session) => {
    before = session.get("count");
    session.set("count", before + 1);
  });
  return updated ? `${before}` : GONE;
}
