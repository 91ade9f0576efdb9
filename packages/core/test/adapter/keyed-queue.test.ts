import { describe, expect, test } from "@jest/globals";
import { KeyedQueue } from "@sess/core/adapter";
import { rejection } from "@sess/test-support";

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
