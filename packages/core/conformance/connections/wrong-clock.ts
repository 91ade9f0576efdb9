import type { Store } from "../../src/contract/store.ts";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { supports } from "../harness/capability.ts";
import { type Case, clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";
import { RemoteStore } from "../process/remote-store.ts";
import { secondStore } from "./across.ts";

const HOUR = 3_600_000;

const TEN_MINUTES = 600_000;

/** A server's clock decides: what the clock of a process says is its own affair. */
export const wrongClock: Case[] = [
  ...withClock("an hour ahead", HOUR),
  ...withClock("an hour back", -HOUR),
];

function withClock(wrong: string, shift: number): Case[] {
  const about = { sentence: 7 };
  return clause("two connections", about, {
    [`a process whose clock is ${wrong} goes by the server's`]: async (store, fixture) => {
      const other = await secondStore(fixture, about);
      if (!(other instanceof RemoteStore)) return "connect opens no other process";
      if (!other.hasServerClock) return 'serveStore() was not told that clock is "server"';
      const wronged = new WrongProcess(other, shift, fixture);
      const reason = `the server's clock decides, not that of a process that is ${wrong}`;
      try {
        await assertUsesLive(await wronged.store(), store, fixture, reason);
        const expired = fixture.handle();
        const record = fixture.shortLived({ owner: "ada" });
        await store.save(expired, record);
        await fixture.time.reach(record.expiresAt);
        await assertLeavesExpired(await wronged.store(), store, fixture, { expired, reason });
      } finally {
        await other.setTime(undefined);
      }
      return undefined;
    },
  });
}

/** A process whose clock differs from the store's by `shift` ms. */
class WrongProcess {
  readonly #store: RemoteStore;
  readonly #shift: number;
  readonly #fixture: Fixture;

  constructor(store: RemoteStore, shift: number, fixture: Fixture) {
    this.#store = store;
    this.#shift = shift;
    this.#fixture = fixture;
  }

  /** Its store, at the time that it is now. */
  async store(): Promise<RemoteStore> {
    const { time } = this.#fixture;
    await this.#store.setTime(time.exact ? time.now() : undefined, this.#shift);
    return this.#store;
  }
}

async function assertUsesLive(
  other: RemoteStore,
  right: Store,
  fixture: Fixture,
  reason: string,
): Promise<void> {
  const handle = fixture.handle();
  const expiresAt = fixture.time.now() + TEN_MINUTES;
  const record = fixture.record({ expiresAt, owner: "ada" });
  assertResolved(await other.save(handle, record), true, "save()", reason);
  await assertHolds(right, handle, record, reason);
  await assertHolds(other, handle, record, reason);
  if (supports(other, ["list"])) {
    assertHandles(await collect(other.list()), [handle], reason);
    assertHandles(await collect(other.list("ada")), [handle], reason);
  }
  if (supports(other, ["sweep"])) assertResolved(await other.sweep(), 0, "sweep()", reason);
  if (supports(other, ["touch"])) {
    const touched = await other.touch(handle, expiresAt, 1);
    assertResolved(touched, true, "touch()", reason);
  }
  const next = fixture.next(record);
  assertResolved(await other.save(handle, next), true, "save() of revision 2", reason);
  await assertHolds(right, handle, next, reason);
  assertResolved(await other.delete(handle, 2), true, "delete(handle, 2)", reason);
}

async function assertLeavesExpired(
  other: RemoteStore,
  right: Store,
  fixture: Fixture,
  { expired, reason }: { expired: string; reason: string },
): Promise<void> {
  await assertHoldsNothing(other, expired, reason);
  const expiresAt = fixture.time.now() + TEN_MINUTES;
  if (supports(other, ["touch"])) {
    assertResolved(await other.touch(expired, expiresAt), false, "touch()", reason);
  }
  if (supports(other, ["list"])) assertHandles(await collect(other.list()), [], reason);
  const next = fixture.record({ revision: 2, expiresAt });
  assertResolved(await other.save(expired, next), false, "save() of revision 2", reason);
  assertResolved(await other.delete(expired, 1), false, "delete(handle, 1)", reason);
  const past = fixture.record({ expiresAt: fixture.time.now() - TEN_MINUTES });
  assertResolved(await other.save(expired, past), false, "save() into the past", reason);
  const anew = fixture.record({ expiresAt });
  assertResolved(await other.save(expired, anew), true, "save() of revision 1", reason);
  await assertHolds(right, expired, anew, reason);
}
