import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "sess-"));
const place = [join(folder, "sessions"), join(folder, "session-id")];

try {
  console.log("In memory, one process:");
  run("memory.ts");
  console.log("In LevelDB, saved by one process:");
  run("level-save.ts", ...place);
  console.log("and loaded by the next:");
  run("level-load.ts", ...place);
} finally {
  rmSync(folder, { recursive: true });
}

function run(program: string, ...args: string[]): void {
  const command = [...process.execArgv, join(import.meta.dirname, program), ...args];
  const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} failed`);
}
