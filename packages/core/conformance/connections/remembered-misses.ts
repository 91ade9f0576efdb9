import { assertHandles, assertHolds, assertResolved, collect } from "../harness/assertions.ts";
import type { Races } from "../races/race.ts";
import { acrossConnections } from "./across.ts";

const REASON = "the other connection's save has resolved since";

const rules: Races = {
  "what one looked for in vain it finds when the other has saved it": async (
    one,
    other,
    fixture,
  ) => {
    for (const handle of fixture.handles(5)) {
      const record = fixture.record();
      await one.load(handle);
      await one.delete(handle);
      await one.save(handle, fixture.record({ revision: 2 }));
      await other.save(handle, record);
      await assertHolds(one, handle, record, REASON);
      const next = fixture.next(record);
      assertResolved(await one.save(handle, next), true, "save() of revision 2", REASON);
      await assertHolds(other, handle, next, "the save has resolved");
    }
  },
  "what one saw expire it finds when the other has saved it anew": async (one, other, fixture) => {
    const handle = fixture.handle();
    const old = fixture.shortLived();
    await one.save(handle, old);
    await one.load(handle);
    await fixture.time.reach(old.expiresAt);
    await one.load(handle);
    const record = fixture.record();
    await other.save(handle, record);
    await assertHolds(one, handle, record, REASON);
    assertResolved(await one.delete(handle, 1), true, "delete(handle, 1)", REASON);
  },
  "what one deleted it finds when the other has saved it anew": async (one, other, fixture) => {
    const handle = fixture.handle();
    await one.save(handle, fixture.record());
    await one.delete(handle);
    const record = fixture.record();
    await other.save(handle, record);
    await assertHolds(one, handle, record, REASON);
  },
};

const listRules: Races<"list"> = {
  "an owner without sessions is listed when the other has saved one": async (
    one,
    other,
    fixture,
  ) => {
    const handle = fixture.handle();
    assertHandles(await collect(one.list("ada")), [], "nothing has been saved");
    assertHandles(await collect(one.list()), [], "nothing has been saved");
    await other.save(handle, fixture.record({ owner: "ada" }));
    assertHandles(await collect(one.list("ada")), [handle], REASON);
    assertHandles(await collect(one.list()), [handle], REASON);
  },
};

/** That there was nothing must not be remembered: another connection may have saved it since. */
export const rememberedMisses = [
  ...acrossConnections({ sentence: 6 }, rules),
  ...acrossConnections({ sentence: 6, needs: ["list"] }, listRules),
];
