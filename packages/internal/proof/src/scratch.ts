import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

const made: string[] = [];

afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
});

/** A new directory that goes away with the tests. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "sess-reliability-"));
  made.push(path);
  return path;
}
