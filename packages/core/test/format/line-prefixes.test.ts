import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { ReferenceStore } from "@sess/test-support";

const KEYS = 100;
const LONG = 1_000_000;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("a key that was cut from a long text does not keep that text in memory", async () => {
  await using sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
  const session = sessions.create();
  session.set("some", 1);
  const before = heap();
  for (let number = 0; number < KEYS; number += 1) {
    const text = `a key that was sent: ${number},`.padEnd(LONG, String(number));
    expect(session.get(text.slice(0, text.indexOf(",")))).toBeUndefined();
  }
  expect(heap() - before).toBeLessThan((KEYS * LONG) / 4);
});
