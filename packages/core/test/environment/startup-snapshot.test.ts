import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { bundle, scratch } from "@sess/test-support";

/** Issues ids before the process is copied, and afterwards prints what each copy draws. */
const PROGRAM = `
import { startupSnapshot } from "node:v8";
import { SessionManager } from "${join(__dirname, "../../src/index.ts")}";

const nonces: string[] = [];
const store = {
  load: async () => undefined,
  save: async (_: string, record: { data: string }) => {
    nonces.push(record.data.slice(0, 30));
    return true;
  },
  delete: async () => false,
};
const sessions = new SessionManager({ store, sweepInterval: 0 });
const early = sessions.create().id;

startupSnapshot.setDeserializeMainFunction(async () => {
  const ids = [sessions.create().id, sessions.create().id];
  const session = sessions.create();
  session.set("a", 1);
  await session.save();
  process.stdout.write(JSON.stringify([early, ...ids, session.id, ...nonces]));
});
`;

test("processes that start from one startup snapshot draw ids and nonces of their own", () => {
  const folder = scratch();
  const source = join(folder, "program.ts");
  writeFileSync(source, PROGRAM);
  const blob = join(folder, "snapshot.blob");
  execFileSync(process.execPath, ["--snapshot-blob", blob, "--build-snapshot", bundle(source)], {
    stdio: "pipe",
  });
  const start = (): string[] =>
    JSON.parse(execFileSync(process.execPath, ["--snapshot-blob", blob], { encoding: "utf8" }));
  const [[early, ...one], [same, ...other]] = [start(), start()];
  expect(same).toBe(early);
  expect(one).toHaveLength(4);
  expect(new Set([early, ...one, ...other]).size).toBe(9);
});
