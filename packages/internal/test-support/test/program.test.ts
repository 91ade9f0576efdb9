import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bundle, handle, Program, rejection } from "@sess/test-support";

const echo = bundle(join(__dirname, "programs/echo.ts"));

test("a program is spoken to line by line, and has records and a clock without jest", async () => {
  const program = Program.node(echo);
  expect(await program.line()).toBe(`${handle(7)} 1001`);
  program.tell("one");
  expect(await program.line()).toBe("one");
  program.tell("two");
  program.tell("end");
  expect(await program.allLines()).toEqual(["two"]);
  expect(await rejection(program.line())).toEqual(
    new Error("The program ended and wrote no further line."),
  );
});

test("a killed program leaves all that it wrote, and can be killed again", async () => {
  const program = Program.node(echo);
  await program.line();
  program.tell("said");
  await program.line();
  await program.kill();
  await program.kill();
  expect(program.process.signalCode).toBe("SIGKILL");
});

describe("programs end", () => {
  let ofAll: Program | undefined;
  let ofTest: Program | undefined;

  beforeAll(() => {
    ofAll = Program.node(echo);
  });

  test("after the test that started them", async () => {
    ofTest = Program.node(echo);
    expect(await ofTest.line()).toContain(handle(7));
  });

  test("or after all tests of the file, when beforeAll did", () => {
    expect(ofTest?.process.signalCode).toBe("SIGKILL");
    expect(ofAll?.process.signalCode).toBeNull();
  });
});

const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux("a frozen program does nothing further", async () => {
  const program = Program.node(echo);
  await program.line();
  await program.freeze();
  program.tell("one");
  const line = program.line();
  const first = await Promise.race([
    line,
    new Promise((resolve) => setTimeout(resolve, 100, "silence")),
  ]);
  expect(first).toBe("silence");
  program.process.kill("SIGCONT");
  expect(await line).toBe("one");
});

// Registered after the hook that removes the directories.
afterAll(() => expect(existsSync(echo)).toBe(false));
