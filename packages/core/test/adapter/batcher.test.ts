import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { Batcher, type BatcherOptions, Tick } from "@sess/core/adapter";
import { rejection } from "@sess/test-support";

/** A batcher of texts that answers in capitals, and the batches that it sent. */
function upper(options: Partial<BatcherOptions<string, string>> = {}) {
  const batches: string[][] = [];
  const batcher = new Batcher<string, string>({
    send: async (calls) => {
      batches.push([...calls]);
      return calls.map((call) => call.toUpperCase());
    },
    sizeOf: (call) => call.length,
    ...options,
  });
  const addAll = (...calls: string[]) => Promise.all(calls.map((call) => batcher.add(call)));
  return { batcher, batches, addAll };
}

describe("the calls of one tick", () => {
  test("are sent together, in their order, and get their own answers", async () => {
    const { batches, addAll } = upper();
    expect(await addAll("a", "b", "c")).toEqual(["A", "B", "C"]);
    expect(batches).toEqual([["a", "b", "c"]]);
  });

  test("are sent after the current code if nothing is under way", async () => {
    const { batcher, batches } = upper();
    const answer = batcher.add("a");
    expect(batches).toEqual([]);
    await new Promise((resolve) => process.nextTick(resolve));
    expect(batches).toEqual([["a"]]);
    await answer;
  });

  test("are sent at once if the last answer led to them", async () => {
    const { batcher, batches } = upper();
    await batcher.add("first");
    const answer = batcher.add("second");
    await new Promise((resolve) => process.nextTick(resolve));
    expect(batches).toEqual([["first"], ["second"]]);
    await answer;
  });

  test("are gathered until the end of the tick while others are under way", async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const batches: string[][] = [];
    const batcher = new Batcher<string, string>({
      send: async (calls) => {
        batches.push([...calls]);
        await held;
        return calls;
      },
    });
    const first = batcher.add("first");
    await new Promise((resolve) => process.nextTick(resolve));
    const second = batcher.add("second");
    await new Promise((resolve) => process.nextTick(resolve));
    const third = batcher.add("third");
    expect(batches).toEqual([["first"]]);
    await tick();
    expect(batches).toEqual([["first"], ["second", "third"]]);
    answer();
    expect(await Promise.all([first, second, third])).toEqual(["first", "second", "third"]);
  });

  test("of a later tick are not held up by those under way", async () => {
    const { batcher } = upper({
      send: (calls) => (calls[0] === "hangs" ? new Promise(() => {}) : Promise.resolve([...calls])),
    });
    void batcher.add("hangs");
    await tick();
    expect(await batcher.add("goes on")).toBe("goes on");
  });
});

describe("a batch", () => {
  test("has at most 128 calls", async () => {
    const { batches, addAll } = upper();
    await addAll(...Array.from({ length: 300 }, (_, index) => `${index}`));
    expect(batches.map(({ length }) => length)).toEqual([128, 128, 44]);
    expect(batches.flat()).toEqual(Array.from({ length: 300 }, (_, index) => `${index}`));
  });

  test("has at most maxCalls calls", async () => {
    const { batches, addAll } = upper({ maxCalls: 2 });
    await addAll("a", "b", "c");
    expect(batches).toEqual([["a", "b"], ["c"]]);
  });

  test("carries at most maxSize characters", async () => {
    const { batches, addAll } = upper({ maxSize: 4 });
    await addAll("aa", "bb", "c", "ddd", "e");
    expect(batches).toEqual([["aa", "bb"], ["c", "ddd"], ["e"]]);
  });

  test("is a single call if that carries more, and what was asked for before goes first", async () => {
    const { batches, addAll } = upper({ maxSize: 4 });
    await addAll("a", "large", "b", "c");
    expect(batches).toEqual([["a"], ["large"], ["b", "c"]]);
  });

  test("is a single call if that carries more than aloneAbove", async () => {
    const { batches, addAll } = upper({ maxSize: 9, aloneAbove: 2 });
    await addAll("aa", "bbb", "c");
    expect(batches).toEqual([["aa"], ["bbb"], ["c"]]);
  });

  test("is a single call if its size is infinite", async () => {
    const { batches, addAll } = upper({ sizeOf: (call) => (call === "b" ? Infinity : 0) });
    await addAll("a", "b", "c");
    expect(batches).toEqual([["a"], ["b"], ["c"]]);
  });
});

describe("a call rejects", () => {
  const failure = new Error("engine");

  test("alone if its answer is an Error", async () => {
    const { batcher } = upper({
      send: async (calls) => calls.map((call) => (call === "bad" ? failure : call)),
    });
    const calls = ["a", "bad", "b"].map((call) => batcher.add(call));
    expect(await Promise.allSettled(calls)).toEqual([
      { status: "fulfilled", value: "a" },
      { status: "rejected", reason: failure },
      { status: "fulfilled", value: "b" },
    ]);
  });

  test("with all others if its batch is rejected", async () => {
    const { batcher } = upper({ send: () => Promise.reject(failure) });
    const calls = ["a", "b"].map((call) => rejection(batcher.add(call)));
    expect(await Promise.all(calls)).toEqual([failure, failure]);
  });

  test("alone if the rejection may be of one call: the batch is halved until that is found", async () => {
    const batches: string[][] = [];
    const { batcher } = upper({
      send: async (calls) => {
        batches.push([...calls]);
        if (calls.includes("bad")) throw failure;
        return calls;
      },
      mayBeOfOneCall: (error) => error === failure,
    });
    const calls = ["a", "b", "c", "bad", "d"].map((call) => batcher.add(call));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(batches.slice(1)).toEqual([["a", "b", "c"], ["bad", "d"], ["bad"], ["d"]]);
  });

  test("if it is left without an answer", async () => {
    const { batcher } = upper({ send: async (calls) => calls.slice(1) });
    const calls = [batcher.add("a"), rejection(batcher.add("b"))];
    expect(await Promise.all(calls)).toEqual(["b", expect.any(Error)]);
  });

  test("alone if it cannot be measured", async () => {
    const { batcher, batches } = upper({
      sizeOf: (call) => {
        if (call === "bad") throw failure;
        return 0;
      },
    });
    const calls = [rejection(batcher.add("bad")), batcher.add("a")];
    expect(await Promise.all(calls)).toEqual([failure, "A"]);
    expect(batches).toEqual([["a"]]);
  });
});

test("batchers that share a tick send in the order in which they joined it", async () => {
  const shared = new Tick();
  const sent: string[] = [];
  const make = (name: string) =>
    upper({
      tick: shared,
      send: async (calls) => {
        sent.push(name);
        return calls;
      },
    }).batcher;
  const [first, second] = [make("first"), make("second")];
  await Promise.all([second.add("b"), first.add("a")]);
  expect(sent).toEqual(["first", "second"]);
});
