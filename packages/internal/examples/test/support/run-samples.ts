import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { SessionError } from "@sess/core";

// Runs samples one after another and records what each printed, checked and failed with.
// Arguments: a file with one sample's path per line, and the file to write the results to.
const [list = "", results = ""] = process.argv.slice(2);

let output = "";
let checks = 0;

console.log = (...values: unknown[]) => {
  output += `${format(...values)}\n`;
};

Object.assign(globalThis, {
  check(actual: unknown, expected: unknown) {
    checks += 1;
    assert.deepEqual(actual, expected);
  },
  prints(task: () => void, expected: string) {
    checks += 1;
    const before = output;
    task();
    assert.equal(output.slice(before.length), `${expected}\n`);
  },
  async fails(task: () => Promise<void>, code: string) {
    checks += 1;
    const error: unknown = await task().then(
      () => undefined,
      (reason) => reason,
    );
    assert.equal(error instanceof SessionError ? error.code : error, code);
  },
});

const outcomes = [];
for (const path of readFileSync(list, "utf8").split("\n")) {
  output = "";
  checks = 0;
  process.chdir(dirname(path));
  const error = await import(pathToFileURL(path).href).then(
    () => "",
    (reason: unknown) => format(reason),
  );
  outcomes.push({ output, checks, error });
}
writeFileSync(results, JSON.stringify(outcomes));
process.exit();
