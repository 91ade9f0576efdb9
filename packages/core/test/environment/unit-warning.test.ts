import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager, type SessionManagerOptions } from "@sess/core";
import { ReferenceStore } from "@sess/test-support";
import { saved } from "../support/sessions.ts";
import { MINUTE } from "../support/time.ts";
import { type Warning, watchWarnings } from "../support/warnings.ts";

let warnings: readonly Warning[] = [];
beforeEach(() => {
  warnings = watchWarnings();
});

function manager(options: Partial<SessionManagerOptions> = {}): SessionManager {
  return new SessionManager({ store: new ReferenceStore(), sweepInterval: 0, ...options });
}

describe("a timeout under a minute, which looks like seconds, is warned of", () => {
  test.each([
    ["idleTimeout", 3_600, "idleTimeout is 3600 ms, 3.6 seconds."],
    ["absoluteTimeout", 28_800, "absoluteTimeout is 28800 ms, 28.8 seconds."],
    ["idleTimeout", MINUTE - 1, "idleTimeout is 59999 ms, 59.999 seconds."],
    ["absoluteTimeout", 1, "absoluteTimeout is 1 ms, 0.001 seconds."],
  ])("when a manager is made with it: %s %d", (name, ms, shown) => {
    manager({ [name]: ms });
    const message = `${shown} Timeouts are milliseconds: an hour is 3_600_000.`;
    expect(warnings).toEqual([{ message, code: "SESS_SHORT_TIMEOUT" }]);
  });

  test("when a session is created with it", () => {
    manager().create({ idleTimeout: 3_600 });
    expect(warnings).toHaveLength(1);
  });

  test("when regenerate() is given it", async () => {
    const session = await saved(manager());
    await session.regenerate({ absoluteTimeout: 3_600 });
    expect(warnings).toHaveLength(1);
  });

  test("once for each manager, however many there are", async () => {
    const short = { idleTimeout: 3_600, absoluteTimeout: 3_600 };
    const sessions = manager(short);
    sessions.create(short);
    await sessions.create(short).regenerate(short);
    expect(warnings).toHaveLength(1);
    manager(short).create(short);
    expect(warnings).toHaveLength(2);
  });
});

test("a timeout of a minute and more is not warned of, nor are the other options in ms", async () => {
  const sessions = manager({ idleTimeout: MINUTE, absoluteTimeout: MINUTE, touchAfter: 0 });
  manager({ touchAfter: 300, sweepInterval: 300 });
  await sessions.create({ idleTimeout: MINUTE }).regenerate({ idleTimeout: null });
  expect(warnings).toEqual([]);
});
