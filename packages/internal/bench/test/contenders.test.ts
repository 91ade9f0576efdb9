import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { missingPostgres, missingRedis, openPostgres, openRedis, orSkip } from "@sess/test-servers";
import type { Accesses } from "../src/accesses/accesses.ts";
import { prove } from "../src/accesses/proof.ts";
import { expectedFingerprint } from "../src/accesses/session-values.ts";
import { Tokens } from "../src/accesses/tokens.ts";
import { CONTENDERS, type ContenderName } from "../src/contenders/all.ts";
import { WorkerProcess } from "../src/measuring/worker-process.ts";
import { SUITES } from "../src/suites.ts";
import { WorkerProgram } from "./support/worker-program.ts";

const size = "0.6 KB";
const sessions = 64;

describe("a contender reads what was stored and stores what it changes", () => {
  const program = new WorkerProgram();
  let worker: WorkerProcess;

  beforeAll(async () => {
    await program.bundle();
    worker = new WorkerProcess(program.path);
  });

  afterAll(async () => {
    await worker.stop();
    await program.remove();
  });

  const proof = (contender: ContenderName, url = "") =>
    worker.ask({ kind: "proof", contender, size, sessions, url });

  const withServer = SUITES.filter(({ server }) => server !== undefined);
  const served = withServer.flatMap(contendersOf);
  const alone = SUITES.flatMap(contendersOf).filter((name) => !served.includes(name));

  test.each([...new Set(alone)])("%s", (name) => proof(name));

  orSkip(test, missingRedis())("those over Redis", async () => {
    const server = await openRedis();
    for (const name of contendersIn("redis")) await proof(name, server.url);
    await server.stop();
  });

  orSkip(test, missingPostgres())("those over PostgreSQL", async () => {
    const server = await openPostgres();
    for (const name of contendersIn("postgres")) await proof(name, server.url);
    await server.stop();
  });

  test("every contender is in a suite", () => {
    expect(new Set(SUITES.flatMap(contendersOf))).toEqual(new Set(Object.keys(CONTENDERS)));
  });
});

describe("a contender is not measured that", () => {
  /** What the proof says of a Map with some of its accesses replaced. */
  async function refusal(replace: (whole: Accesses) => Partial<Accesses>): Promise<string> {
    const whole = await CONTENDERS.map.open({ size, directory: "", url: "" });
    const tokens = new Tokens(sessions);
    while (tokens.count < sessions) tokens.add(await whole.create(tokens.count));
    return prove({ ...whole, ...replace(whole) }, tokens, size).then(
      () => "nothing",
      (error: unknown) => String(error),
    );
  }

  test("does all it should: that one is", async () => {
    expect(await refusal(() => ({}))).toBe("nothing");
  });

  test("reads without looking", async () => {
    const read = async () => expectedFingerprint(0);
    expect(await refusal(() => ({ read }))).toContain("two keys are read");
  });

  test("leaves values out", async () => {
    const readAll = async () => undefined;
    expect(await refusal(() => ({ readAll }))).toContain("all keys are read");
  });

  test("finds a session for a stranger", async () => {
    const read = async (whole: Accesses, token: string) =>
      (await whole.read(token)) ?? expectedFingerprint(0);
    expect(await refusal((whole) => ({ read: (token) => read(whole, token) }))).toContain(
      "a stranger has no session",
    );
  });

  test("does not store a change", async () => {
    const change = async (token: string) => token;
    expect(await refusal(() => ({ change }))).toContain("a change is stored");
  });

  test("stores a change in place of everything else", async () => {
    const forgetful = (whole: Accesses): Partial<Accesses> => {
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
    const create = async (whole: Accesses) => whole.strangerToken();
    expect(await refusal((whole) => ({ create: () => create(whole) }))).toContain(
      "a new session is stored",
    );
  });

  test("does not extend", async () => {
    const extend = async () => {};
    expect(await refusal(() => ({ extend }))).toContain("moves the expiry");
  });
});

function contendersOf({ matches }: (typeof SUITES)[number]): ContenderName[] {
  return matches.flatMap(({ contenders }) => [...contenders]);
}

function contendersIn(name: string): Set<ContenderName> {
  return new Set(SUITES.filter((suite) => suite.name === name).flatMap(contendersOf));
}
