import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import type { World } from "./world.ts";

/** Fails where an ended session lives, or where somebody who still holds it can bring it back. */
export async function assertEnded(world: World, id: string, holder: Session): Promise<void> {
  assert.equal(await world.elsewhere.load(id), undefined, "it must have ended");
  holder.set("late", true);
  await assert.rejects(holder.save(), { code: "SESSION_DESTROYED" });
  await assert.rejects(holder.regenerate(), { code: "SESSION_DESTROYED" });
  assert.equal(await world.elsewhere.update(id, () => {}), undefined);
  assert.equal(await world.elsewhere.load(id), undefined, "it must not come back");
  assert.equal((await world.handles()).includes(holder.handle), false);
}
