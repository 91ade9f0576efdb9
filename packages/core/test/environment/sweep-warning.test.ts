import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SessionError, SessionManager } from "@sess/core";
import { expectCode, ReferenceStore } from "@sess/test-support";
import { pass, startTime, stopTime } from "../support/time.ts";
import { type Warning, watchWarnings } from "../support/warnings.ts";

const INTERVAL = 1_000;

let warnings: readonly Warning[] = [];
let store: ReferenceStore;
let sessions: SessionManager;
/** What the store's sweep fails with; undefined while it works. */
let failure: unknown;

beforeEach(() => {
  stopTime();
  warnings = watchWarnings();
  failure = undefined;
  store = new ReferenceStore();
  store.around = async ({ method }, apply) => {
    if (method === "sweep" && failure !== undefined) throw failure;
    return apply();
  };
  sessions = new SessionManager({ store, sweepInterval: INTERVAL });
});
afterEach(async () => {
  await sessions.close();
  startTime();
});

describe("sweeps in the background that fail are warned of", () => {
  test("once, although they go on and fail again", async () => {
    failure = new SessionError("STORE_UNAVAILABLE", "The disk is full.");
    await pass(5 * INTERVAL);
    expect(store.calls.filter((call) => call === "sweep").length).toBeGreaterThan(3);
    expect(warnings).toEqual([
      {
        message:
          "Expired sessions are not removed, a sweep in the background has failed: The disk is full. Sweeps go on; the next warning comes after one has succeeded.",
        code: "SESS_SWEEP_FAILED",
      },
    ]);
  });

  test("again when one has succeeded in between", async () => {
    failure = new Error("down");
    await pass(2 * INTERVAL);
    failure = undefined;
    await pass(INTERVAL);
    failure = new Error("down again");
    await pass(2 * INTERVAL);
    expect(warnings).toHaveLength(2);
  });

  test("without what the engine says, which may be other people's data", async () => {
    failure = Object.assign(new Error("row 'hunter2'"), { rows: ["hunter2"] });
    await pass(INTERVAL);
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toContain("hunter2");
  });

  test("also when the store answers something else than a number", async () => {
    Object.assign(store, { sweep: async () => "done" });
    await pass(INTERVAL);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining("sweep() resolved to string instead of how many"),
    ]);
  });
});

test("a sweep that was asked for rejects, and is not warned of", async () => {
  failure = new Error("down");
  await expectCode(sessions.sweep(), "STORE_UNAVAILABLE");
  expect(warnings).toEqual([]);
});

test("sweeps that work are not warned of", async () => {
  await pass(5 * INTERVAL);
  expect(warnings).toEqual([]);
});
