import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Store } from "@sess/core";
import { anotherProcess } from "@sess/core/conformance";
import {
  bundle,
  collect,
  expectCode,
  handle,
  Program,
  ReferenceStore,
  record,
  rejection,
} from "@sess/test-support";
import { loaderArguments } from "../../conformance/process/loader.ts";
import { RemoteStore } from "../../conformance/process/remote-store.ts";

const fixture = (name: string) => join(__dirname, "programs", name);

let serving: string;
let suite: string;
beforeAll(() => {
  serving = bundle(fixture("serving.ts"));
  suite = bundle(fixture("suite-that-ends.ts"));
});

async function open(address = ""): Promise<RemoteStore> {
  const store = await anotherProcess({ module: serving, address: () => address })(
    new ReferenceStore(),
  );
  if (!(store instanceof RemoteStore)) throw new Error("It is in this process.");
  return store;
}

describe("a store in another process", () => {
  test("answers, lists and rejects as it does there", async () => {
    const store: Store = await open();
    const [saved, other] = [record({ owner: "ada" }), record()];
    expect(await store.save(handle(1), saved)).toBe(true);
    expect(await store.save(handle(1), saved)).toBe(false);
    expect(await store.save(handle(2), other, { durable: true })).toBe(true);
    expect(await store.load(handle(1))).toEqual(saved);
    expect(await store.load(handle(3))).toBeUndefined();
    expect(await store.touch?.(handle(2), other.expiresAt + 1, 1)).toBe(true);
    expect(store.list && (await collect(store.list("ada")))).toEqual([[handle(1), saved]]);
    expect(store.list && (await collect(store.list()))).toHaveLength(2);
    expect(await store.delete(handle(2), 1)).toBe(true);
    expect(await store.sweep?.()).toBe(0);
    expect(store.maxBytes).toBe(100);
    await expect(store.save(handle(4), record({ data: "x".repeat(101) }))).rejects.toMatchObject({
      code: "DATA_TOO_LARGE",
    });
    await store.close?.();
    await expect(store.load(handle(1))).rejects.toMatchObject({ code: "STORE_CLOSED" });
  });

  test("rejects with what its opening rejects with", async () => {
    await expect(open("refused")).rejects.toMatchObject({ code: "STORE_LOCKED" });
  });

  test("shares its process with others, and goes by the clock that it is set to", async () => {
    const connect = anotherProcess({ module: serving, address: () => "" });
    const [one, other] = await Promise.all([
      connect(new ReferenceStore()),
      connect(new ReferenceStore()),
    ]);
    const now = Date.UTC(2040, 0, 1);
    const saved = record({ createdAt: now, expiresAt: now + 1_000 });
    if (one instanceof RemoteStore) await one.setTime(now);
    expect(await one.save(handle(1), saved)).toBe(true);
    expect(await other.load(handle(1))).toEqual(saved);
    if (one instanceof RemoteStore) await one.setTime(now + 1_000);
    expect(await other.load(handle(1))).toBeUndefined();
  });

  test("is gone when its process is killed, and the next one is there", async () => {
    const connect = anotherProcess({ module: serving, address: () => "" });
    const store = await connect(new ReferenceStore());
    if (store instanceof RemoteStore) await store.kill();
    expect(String(await rejection(store.load(handle(1))))).toContain("ended with SIGKILL");
    await store.close?.();
    const next = await connect(new ReferenceStore());
    expect(await next.load(handle(1))).toBeUndefined();
  });
});

describe("a module that cannot serve", () => {
  const connect = (name: string) =>
    anotherProcess({ module: fixture(name), address: () => "" })(new ReferenceStore());

  test("because it throws is told with what it wrote", async () => {
    const { message } = Object(await rejection(connect("throwing.cjs")));
    expect(message).toMatch(/the process of .*throwing\.cjs ended with code 1 before it called/);
    expect(message).toContain("Error: the driver is not installed");
  });

  test("because it does not call serveStore is told", async () => {
    const { message } = Object(await rejection(connect("silent.cjs")));
    expect(message).toMatch(/silent\.cjs ended with code 0 before it called serveStore\(\)/);
  });

  test("because there is none is told at once", async () => {
    const error = await expectCode(() => connect("none.cjs"), "INVALID_OPTION");
    expect(error.message).toContain("there is no ");
  });

  test.each([
    ["no module", { address: () => "" }, "module must be the path or the file URL"],
    ["no address", { module: "x" }, "address must be a function"],
    ["an unknown option", { module: "x", address: () => "", port: 1 }, 'no option "port"'],
  ])("because of %s is refused at once", async (_, options, message) => {
    const call = () => Reflect.apply(anotherProcess, undefined, [options]);
    const error = await expectCode(call, "INVALID_OPTION");
    expect(error.message).toContain(message);
  });

  test("serves nothing if it is not started by anotherProcess", async () => {
    const program = Program.node(serving, [], { stdio: ["ignore", "pipe", "pipe"] });
    const { stderr } = program.process;
    const written = stderr === null ? "" : await text(stderr);
    expect(written).toContain("is for anotherProcess() of testStore, which starts it");
  });
});

describe("the other process ends with the test run", () => {
  test.each([[[]], [["SIGKILL"]], [["SIGTERM"]]])(
    "which ends by itself or by a signal: %j",
    async (signal) => {
      const program = Program.node(suite, [serving, ...signal]);
      const closed = once(program.process, "close");
      expect(await program.line()).toBe("used");
      // The other process writes to the same stderr, so "close" waits for it as well.
      await closed;
      expect(program.process.signalCode ?? program.process.exitCode).toBe(signal[0] ?? 0);
    },
  );
});

describe("the arguments of the other process", () => {
  const typeScript = join(__dirname, "programs/serving.ts");

  test("are those of this one that load modules", () => {
    const own = ["--inspect", "--import", "tsx", "-r", "./a.js", "--test", "--conditions=dev"];
    const expected = ["--import", "tsx", "-r", "./a.js", "--conditions=dev"];
    expect(loaderArguments(typeScript, own)).toEqual(expected);
    expect(loaderArguments("/a.mjs", own)).toEqual(expected);
    expect(loaderArguments("/a.mjs", ["--inspect"])).toEqual([]);
  });

  test("load TypeScript by tsx, found from the module, where Node cannot", () => {
    const tsx = pathToFileURL(require.resolve("tsx")).href;
    const runsTypeScript = "typescript" in process.features && process.features.typescript;
    expect(loaderArguments(typeScript, [])).toEqual(runsTypeScript ? [] : ["--import", tsx]);
  });

  test("are refused where nothing can load TypeScript", async () => {
    if ("typescript" in process.features && process.features.typescript) return;
    const error = await expectCode(() => loaderArguments("/nowhere/a.ts", []), "INVALID_OPTION");
    expect(error.message).toContain("Install tsx, pass execArgv with a loader");
  });
});
