import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { faults, sessions, elsewhere }: World = world();
let session: Session;
beforeEach(async () => {
  ({ faults, sessions, elsewhere } = world());
  const { id } = await saved(sessions, { views: 1 });
  session = await loaded(sessions, id);
});

const addOne = (fresh: Session) => fresh.set("views", fresh.get("views") + 1);
const views = async () => (await stored(elsewhere, session.id))?.["views"];

/** An update() that rejects, be it that the write has happened or not. */
async function updateInDoubt(effect: "reject-before" | "reject-after"): Promise<void> {
  faults.inject({ effect, method: "save" });
  const error = await expectCode(session.update(addOne), "STORE_UNAVAILABLE");
  expect(error.message).toContain("unknown");
}

describe("after an update() of unknown outcome", () => {
  test.each(["reject-before", "reject-after"] as const)(
    "save() settles it, and the value shows that it was applied once: %s",
    async (effect) => {
      await updateInDoubt(effect);
      expect(session.needsSave).toBe(true);
      await session.save();
      expect(session.get("views")).toBe(2);
      expect(await views()).toBe(2);
    },
  );

  test("save() settles it, and the value shows that it was not applied: another request came first", async () => {
    await updateInDoubt("reject-before");
    await elsewhere.update(session.id, (fresh) => fresh.set("views", 10));
    await session.save();
    expect(session.get("views")).toBe(10);
    expect(await views()).toBe(10);
  });

  test.each(["reject-before", "reject-after"] as const)(
    "another update() runs its function on top of it: %s",
    async (effect) => {
      await updateInDoubt(effect);
      await session.update(addOne);
      expect(await views()).toBe(3);
    },
  );
});
