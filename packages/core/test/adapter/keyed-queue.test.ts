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

describe("a task whose turn does not come within the limit", () => {
  const LIMIT = { ms: 1_000, error: () => new Error("too late") };

  beforeEach(stopTime);
  afterEach(startTime);

  test("is rejected and never runs", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const slow = task(log, "slow");
    const first = queue.run("key", slow.run);
    const late = rejection(queue.run("key", task(log, "late").run));
    await pass(999);
    expect(await isPending(late)).toBe(true);
    await pass(1);
    expect(await late).toEqual(new Error("too late"));
    slow.finish();
    await first;
    expect(log).toEqual(["slow"]);
  });

  test("does not let the next one in before the first is done", async () => {
    const queue = new KeyedQueue(LIMIT);
    const log: string[] = [];
    const slow = task(log, "slow");
    const first = queue.run("key", slow.run);
    const late = rejection(queue.run("key", task(log, "late").run));
    await pass(1_000);
    await late;
    const next = queue.run("key", async () => void log.push("next"));
    await pass(500);
    expect(log).toEqual(["slow"]);
    slow.finish();
    await Promise.all([first, next]);
    expect(log).toEqual(["slow", "next"]);
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
