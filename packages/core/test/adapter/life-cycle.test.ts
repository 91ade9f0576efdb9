import { beforeEach, describe, expect, test } from "@jest/globals";
import { LifeCycle } from "@sess/core/adapter";
import { expectCode, isPending, rejection } from "@sess/test-support";

let life: LifeCycle;
/** How often the store was released. */
let releases: number;
beforeEach(() => {
  life = new LifeCycle("TextStore");
  releases = 0;
});

async function release(): Promise<void> {
  releases += 1;
}

/** A call that goes on until `finish()`. */
function call() {
  let finish = () => {};
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { finish, result: life.run(() => end) };
}

describe("an open store", () => {
  test("lets calls through and passes on what they return or throw", async () => {
    const failure = new Error("engine");
    life.assertOpen();
    expect(life.isClosed).toBe(false);
    expect(await life.run(async () => 1)).toBe(1);
    expect(await rejection(life.run(() => Promise.reject(failure)))).toBe(failure);
  });
});

describe("close()", () => {
  test("refuses calls from then on, and the error names the store", async () => {
    await life.close();
    expect(life.isClosed).toBe(true);
    const error = await expectCode(() => life.assertOpen(), "STORE_CLOSED");
    expect(error.message).toContain("TextStore");
    let hasRun = false;
    await expectCode(
      life.run(async () => {
        hasRun = true;
      }),
      "STORE_CLOSED",
    );
    expect(hasRun).toBe(false);
  });

  test("waits for the calls under way, then releases", async () => {
    const [first, second] = [call(), call()];
    const closing = life.close(release);
    await expectCode(() => life.assertOpen(), "STORE_CLOSED");
    first.finish();
    await first.result;
    expect(await isPending(closing)).toBe(true);
    expect(releases).toBe(0);
    second.finish();
    await Promise.all([closing, second.result]);
    expect(releases).toBe(1);
  });

  test("waits for a call that fails, too", async () => {
    const failing = life.run(() => Promise.reject(new Error("engine")));
    const closing = life.close(release);
    await rejection(failing);
    await closing;
    expect(releases).toBe(1);
  });

  test("releases once, however often it is called", async () => {
    await Promise.all([life.close(release), life.close(release)]);
    await life.close(release);
    expect(releases).toBe(1);
  });

  test("releases again if that failed, and stays closed meanwhile", async () => {
    const failure = new Error("engine");
    expect(await rejection(life.close(() => Promise.reject(failure)))).toBe(failure);
    await expectCode(() => life.assertOpen(), "STORE_CLOSED");
    await life.close(release);
    expect(releases).toBe(1);
  });
});
