import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { missingPostgres, missingRedis, openPostgres, openRedis, orSkip } from "@sess/test-servers";
import { check } from "../src/check.ts";
import { Child } from "../src/child.ts";
import type { Sessions } from "../src/contender.ts";
import { contender as map } from "../src/contenders/map.ts";
import { type ContenderName, contenderNames, OVER_SERVERS } from "../src/contenders.ts";
import { expected } from "../src/session-values.ts";
import { Tokens } from "../src/tokens.ts";
import { Programs } from "./support/programs.ts";

const programs = new Programs();

let child: Child;

beforeAll(async () => {
  await programs.bundle();
  child = new Child(programs.worker);
});

afterAll(async () => {
  await child.stop();
  await programs.remove();
});

/** All checks of a contender, with few sessions. */
async function checked(contender: ContenderName, url = "") {
  await child.ask({ kind: "check", contender, size: "0.6 KB", live: 64, url });
}

describe("a contender reads what was stored and stores what it changes", () => {
  const { redis, postgres } = OVER_SERVERS;
  const served: readonly string[] = [...redis, ...postgres];

  test.each(contenderNames().filter((name) => !served.includes(name)))("%s", (name) =>
    checked(name),
  );

  orSkip(test, missingRedis())("over Redis", async () => {
    const server = await openRedis();
    for (const name of redis) await checked(name, server.url);
    await server.stop();
  });

  orSkip(test, missingPostgres())("over PostgreSQL", async () => {
    const server = await openPostgres();
    for (const name of postgres) await checked(name, server.url);
    await server.stop();
  });
});

describe("a contender is not measured that", () => {
  const size = "0.6 KB";

  /** What the check says of a Map with some of its methods replaced. */
  async function refusal(replace: (whole: Sessions) => Partial<Sessions>): Promise<string> {
    const whole = await map.open({ size, directory: "" });
    const tokens = new Tokens(64);
    for await (const token of whole.fill(64)) tokens.add(token);
    const sessions: Sessions = {
      fill: (count) => whole.fill(count),
      stranger: () => whole.stranger(),
      read: (token) => whole.read(token),
      readAll: (token) => whole.readAll(token),
      change: (token, index) => whole.change(token, index),
      create: (index) => whole.create(index),
      extend: async (token) => whole.extend?.(token),
      expiry: async (token) => (await whole.expiry?.(token)) ?? 0,
      close: () => whole.close(),
      ...replace(whole),
    };
    const checking = check(sessions, tokens, size);
    return checking.then(
      () => "nothing",
      (error: unknown) => String(error),
    );
  }

  test("does all it should: that one is", async () => {
    expect(await refusal(() => ({}))).toBe("nothing");
  });

  test("reads without looking", async () => {
    const read = async () => expected(0);
    expect(await refusal(() => ({ read }))).toContain("two keys are read");
  });

  test("leaves values out", async () => {
    const readAll = async () => undefined;
    expect(await refusal(() => ({ readAll }))).toContain("all keys are read");
  });

  test("finds a session for a stranger", async () => {
    let stranger = "";
    const create = async (whole: Sessions) => {
      stranger ||= await whole.create(0);
      return stranger;
    };
    expect(await refusal((whole) => ({ stranger: () => create(whole) }))).toContain("a stranger");
  });

  test("does not store a change", async () => {
    const change = async (token: string) => token;
    expect(await refusal(() => ({ change }))).toContain("a change is stored");
  });

  test("stores a change in place of everything else", async () => {
    const forgetful = (whole: Sessions): Partial<Sessions> => {
      const changed = new Set<string>();
      return {
        change: async (token, index) => {
          changed.add(token);
          return whole.change(token, index);
        },
        readAll: async (token) => {
          const values = await whole.readAll(token);
          return values && changed.has(token) ? { ...values, recent: [] } : values;
        },
      };
    };
    expect(await refusal(forgetful)).toContain("leaves the rest");
  });

  test("does not store a new session", async () => {
    const create = async (whole: Sessions) => whole.stranger();
    expect(await refusal((whole) => ({ create: () => create(whole) }))).toContain("a new one");
  });

  test("does not extend", async () => {
    const extend = async () => {};
    expect(await refusal(() => ({ extend }))).toContain("moves the expiry");
  });
});
