import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterTests } from "./cleanup.ts";

/** Makes a new directory, which is removed after the tests of the file, and returns its path. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "sess-test-"));
  afterTests(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
