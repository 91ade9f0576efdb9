import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { bundle, handle, record, scratch } from "@sess/test-support";

const TEST = `
const { LevelStore } = require("./index.cjs");
const handle = "~" + "0".repeat(43);

test("a session is saved, listed, touched, swept and deleted", async () => {
  const location = process.env.SESS_LOCATION;
  const [store, refused] = await Promise.allSettled([
    LevelStore.open(location),
    LevelStore.open(location),
  ]);
  expect(refused.reason.code).toBe("STORE_LOCKED");
  const now = Date.now();
  const record = { revision: 1, createdAt: now, expiresAt: now + 60_000, owner: "ada", data: "data" };
  expect(await store.value.save(handle, record)).toBe(true);
  expect(await store.value.load(handle)).toEqual(record);
  for await (const [listed] of store.value.list("ada")) expect(listed).toBe(handle);
  expect(await store.value.touch(handle, now + 90_000)).toBe(true);
  expect(await store.value.sweep()).toBe(0);
  expect(await store.value.delete(handle)).toBe(true);
  await store.value.close();
});
`;

/** A project whose tests run with fake timers, set before anything is loaded. */
function projectWithFakeTimers(): string {
  const project = dirname(
    bundle(join(__dirname, "../src/index.ts"), { external: ["classic-level"] }),
  );
  const config = { fakeTimers: { enableGlobally: true }, transform: {} };
  writeFileSync(join(project, "jest.config.json"), JSON.stringify(config));
  writeFileSync(join(project, "store.test.js"), TEST);
  return project;
}

test("jest's fakeTimers.enableGlobally does not stop a store", async () => {
  const project = projectWithFakeTimers();
  const env = { ...process.env, SESS_LOCATION: join(scratch(), "sessions") };
  const args = ["--rootDir", project, "--config", join(project, "jest.config.json")];
  const command = [require.resolve("jest/bin/jest"), ...args];
  const { stderr } = await promisify(execFile)(process.execPath, command, { env });
  expect(stderr).toContain("1 passed");
}, 60_000);

test("fake timers that are set later do not stop a store", async () => {
  await using store = await LevelStore.open(scratch());
  jest.useFakeTimers();
  try {
    expect(await store.save(handle(1), record())).toBe(true);
    expect(await store.sweep()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
