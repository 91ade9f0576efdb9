import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { EXAMPLES, makeFolder, ROOT, run, withoutHandles } from "./support/program.ts";

let folder = "";

beforeEach(() => {
  folder = makeFolder();
});

async function outputOf(program: string, ...args: string[]): Promise<string> {
  const { status, output, errors } = await run(join(EXAMPLES, program), args, folder);
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  return output;
}

test("a session in memory is saved and loaded", async () => {
  const output = await outputOf("memory.ts");
  expect(withoutHandles(output)).toBe("saved ~…\nloaded ~…: alias is GoTamer\n");
});

test("a session in LevelDB is saved by one process and loaded by the next", async () => {
  const saved = await outputOf("level-save.ts");
  const loaded = await outputOf("level-load.ts");
  const handle = saved.trim().replace("saved ", "");
  expect(loaded).toBe(`loaded ${handle}: alias is GoTamer\n`);
});

test("the file that plays the client is readable by its owner alone, and no id is printed", async () => {
  const saved = await outputOf("level-save.ts");
  const loaded = await outputOf("level-load.ts");
  const ticket = join(folder, "session-id");
  const id = await readFile(ticket, "utf8");
  expect(id).toMatch(/^[\w-]{43}$/);
  expect(saved + loaded).not.toContain(id);
  if (process.platform !== "win32") expect((await stat(ticket)).mode & 0o777).toBe(0o600);
});

test("npm start prints what the README says", async () => {
  const output = withoutHandles(await outputOf("start.ts"));
  const readme = withoutHandles(await readFile(join(ROOT, "README.md"), "utf8"));
  expect(output).toContain("alias is GoTamer");
  expect(readme).toContain(`\`\`\`text\n${output}\`\`\``);
});

test("npm start runs this program", async () => {
  const root: unknown = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const own: unknown = JSON.parse(
    await readFile(join(ROOT, "packages/internal/examples/package.json"), "utf8"),
  );
  expect(root).toHaveProperty("scripts.start", "npm start --silent -w @sess/examples");
  expect(own).toHaveProperty("scripts.start", "tsx src/start.ts");
});

test("a flash message is shown to one of two parallel requests and to no later one", async () => {
  expect(await outputOf("flash.ts")).toBe("[ 'Your profile was saved.' ]\n[]\n");
});

test("a user lists her devices and ends one or all others, but nobody else's", async () => {
  expect(await outputOf("devices.ts")).toBe(
    [
      "ada: laptop, phone, tablet",
      "phone ended: true",
      "ada: laptop, tablet",
      "laptop ended by bob: false",
      "ended elsewhere: 1",
      "ada: laptop",
      "bob: desktop",
      "",
    ].join("\n"),
  );
});
