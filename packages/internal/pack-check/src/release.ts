// Prepares a release: gives all packages the next version and moves the change notes into the
// changelogs. It commits and publishes nothing. Usage: npm run release -w @sess/pack-check -- minor
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { collectChangeNotes, readChangeNotes } from "./change-notes.ts";

const ROOT = join(import.meta.dirname, "../../../..");

const [step] = process.argv.slice(2);
if (step === undefined || !["major", "minor", "patch"].includes(step)) {
  throw new Error("Say which: major, minor or patch.");
}

// Before anything changes: a broken note stops the release here.
readChangeNotes(ROOT);
// Forced, because all packages share one version, also those without a change.
const options = ["--no-git-tag-version", "--no-push", "--force-publish", "--yes"];
execFileSync("npx", ["lerna", "version", step, ...options], { cwd: ROOT, stdio: "inherit" });
const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "lerna.json"), "utf8"));
collectChangeNotes(ROOT, version);
execFileSync("npm", ["run", "lock"], { cwd: ROOT, stdio: "inherit" });
// lerna writes lerna.json without a final newline.
execFileSync("npm", ["run", "format"], { cwd: ROOT, stdio: "inherit" });
