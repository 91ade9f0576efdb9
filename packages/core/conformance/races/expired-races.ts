import assert from "node:assert/strict";
import type { SessionRecord, Store } from "../../src/contract/store.ts";
import { assertHolds, collect } from "../harness/assertions.ts";
import type { Fixture } from "../harness/fixture.ts";
import { type Races, ROUNDS } from "./race.ts";

const SESSIONS = 10;

/** Each waits for an expiry. */
const ROUNDS_IN_REAL_TIME = 2;

/** A revision that no record has. */
const OTHER_REVISION = 99;

/**
 * A store may remove an expired record when it comes across it. What a first save has meanwhile put in
 * its place must stay.
 */
export const expiredRaces: Races = {
  "a load of an expired record removes no session that replaces it": (one, other, fixture) =>
    raceFirstSaves(one, other, fixture, (handles) => handles.map((handle) => other.load(handle))),
  "a refused delete of an expired record removes no session that replaces it": (
    one,
    other,
    fixture,
  ) =>
    raceFirstSaves(one, other, fixture, (handles) =>
      handles.map((handle) => other.delete(handle, OTHER_REVISION)),
    ),
  "a stale save over an expired record removes no session that replaces it": (
    one,
    other,
    fixture,
  ) =>
    raceFirstSaves(one, other, fixture, (handles) =>
      handles.map((handle) => other.save(handle, fixture.record({ revision: OTHER_REVISION }))),
    ),
};

export const listExpiredRaces: Races<"list"> = {
  "a list over expired records removes no session that replaces one": (one, other, fixture) =>
    raceFirstSaves(one, other, fixture, () => [collect(other.list()), collect(other.list("ada"))]),
};

export const touchExpiredRaces: Races<"touch"> = {
  "a touch of an expired record removes no session that replaces it": (one, other, fixture) =>
    raceFirstSaves(one, other, fixture, (handles) =>
      handles.map((handle) => other.touch(handle, fixture.time.now() + 60_000, OTHER_REVISION)),
    ),
};

/** Saves new sessions over expired ones while `meet` makes calls that come across the expired records. */
async function raceFirstSaves(
  one: Store,
  other: Store,
  fixture: Fixture,
  meet: (handles: readonly string[]) => readonly Promise<unknown>[],
): Promise<void> {
  const rounds = fixture.time.exact ? ROUNDS : ROUNDS_IN_REAL_TIME;
  for (let round = 0; round < rounds; round += 1) {
    const { expiresAt } = fixture.shortLived();
    const expired = await fixture.saveMany(one, SESSIONS, () => ({ expiresAt, owner: "ada" }));
    await fixture.time.reach(expiresAt);
    const handles = [...expired.keys()];
    const created = handles.map((handle): [string, SessionRecord] => [
      handle,
      fixture.record({ owner: "ada" }),
    ]);
    const create = () => created.map(([handle, record]) => one.save(handle, record));
    // Each is started first in half of the rounds.
    const early = round % 2 ? create() : [];
    const meeting = Promise.all(meet(handles));
    const answers = await Promise.all(round % 2 ? early : create());
    await meeting;
    assert.ok(
      answers.every(Boolean),
      "every first save must be written, because nothing live was there",
    );
    for (const [handle, record] of created) {
      await assertHolds(other, handle, record, "a first save took the place of an expired record");
    }
  }
}
