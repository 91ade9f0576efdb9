import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { KeyedQueue } from "@sess/core/adapter";
import { isPending, rejection } from "@sess/test-support";
import { pass, startTime, stopTime } from "../support/time.ts";

/** A task that waits for `finish()`, and notes when it begins. */
function task(log: string[], name: string) {
  let finish = () => {};
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = async () => {
    log.push(name);
    await end;
    return name;
  };
  return { run, finish };
}

describe("the tasks for one key", () => {
  test("run one after another, in the order in which they came", async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const tasks = ["a", "b", "c"].map((name) => task(log, name));
    const results = tasks.map(({ run }) => queue.run("key", run));
    expect(log).toEqual(["a"]);
    tasks[1]?.finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(["a"]);
    for (const { finish } of tasks) finish();
    expect(await Promise.all(results)).toEqual(["a", "b", "c"]);
    expect(log).toEqual(["a", "b", "c"]);
  });

  test("go on after one that fails", async () => {
    const queue = new KeyedQueue();
    const failure = new Error("task");
    const failed = queue.run("key", () => Promise.reject(failure));
    const next = queue.run("key", async () => "next");
    expect(await rejection(failed)).toBe(failure);
    expect(await next).toBe("next");
  });

  test("do not wait for tasks of another key", async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const slow = task(log, "slow");
    const first = queue.run("one", slow.run);
    expect(await queue.run("two", async () => "quick")).toBe("quick");
    slow.finish();
    expect(await first).toBe("slow");
  });

  test("begin at once if no other is under way", () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    void queue.run("key", task(log, "a").run);
    expect(log).toEqual(["a"]);
  });
});

describe("a task that takes longer than the limit", () => {
  const LIMIT = { ms: 1_000, error: () => new Error("too late") };

  beforeEach(stopTime);
  afterEach(startTime);

  test("lets the next one in after the limit", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const slow = task(log, "slow");
    const first = queue.run("key", slow.run);
    const next = queue.run("key", async () => void log.push("next"));
    await pass(999);
    expect(await isPending(next)).toBe(true);
    expect(log).toEqual(["slow"]);
    await pass(1);
    await next;
    expect(log).toEqual(["slow", "next"]);
    slow.finish();
    expect(await first).toBe("slow");
  });

  test("has a task rejected whose turn does not come within the limit, which then never runs", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const slow = ["first", "second"].map((name) => task(log, name));
    const results = slow.map(({ run }) => queue.run("key", run));
    const late = rejection(queue.run("key", task(log, "late").run));
    await pass(999);
    expect(await isPending(late)).toBe(true);
    await pass(1);
    expect(await late).toEqual(new Error("too late"));
    for (const { finish } of slow) finish();
    await Promise.all(results);
    expect(log).toEqual(["first", "second"]);
  });

  test("keeps its time when a task behind it gives up", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const first = queue.run("key", task(log, "hangs").run);
    void first;
    await pass(500);
    const second = queue.run("key", task(log, "hangs too").run);
    const late = rejection(queue.run("key", task(log, "late").run));
    await pass(500);
    expect(log).toEqual(["hangs", "hangs too"]);
    void second;
    await pass(500);
    expect(await late).toEqual(new Error("too late"));
    const next = queue.run("key", async () => void log.push("next"));
    await pass(499);
    expect(log).toEqual(["hangs", "hangs too"]);
    await pass(1);
    await next;
    expect(log).toEqual(["hangs", "hangs too", "next"]);
  });

  test("leaves no timer behind, nor does one whose turn comes in time", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const slow = task(log, "slow");
    const first = queue.run("key", slow.run);
    const second = queue.run("key", async () => "in time");
    slow.finish();
    expect(await second).toBe("in time");
    await first;
    const again = task(log, "again");
    const third = queue.run("key", again.run);
    const late = rejection(queue.run("key", async () => "late"));
    await pass(1_000);
    await late;
    again.finish();
    await third;
    expect(jest.getTimerCount()).toBe(0);
  });
});
