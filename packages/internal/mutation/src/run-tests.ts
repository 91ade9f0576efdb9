import { readdirSync } from "node:fs";
import { join } from "node:path";
// Registers hooks that belong to all files, so it is loaded outside of theirs.
import "@sess/test-support";
import { describe, test } from "@jest/globals";
import { mutatedFile } from "./mutated-file.ts";
import { targetNamed } from "./targets.ts";

declare const wantedTests: ReadonlySet<string> | undefined;
declare const isKilled: boolean;

/**
 * Runs test files of a package as one: one by one, they would load the package sixty times for each
 * mutant. `nearby` are the quick ones of the mutant's own layer, which kill most of them.
 */
export function runTests(which: "nearby" | "others"): void {
  const { folder, leftOut, slow } = targetNamed(process.env["SESS_MUTATION_TARGET"]);
  const place = join(__dirname, "../../..", folder);
  const layer = layerOf(mutatedFile(join(place, "src")));
  // A test's name begins with its file.
  const wanted = wantedTests && new Set(Array.from(wantedTests, (name) => name.split(" ")[0]));
  const files = readdirSync(join(place, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !leftOut.test(file))
    .filter((file) => wanted === undefined || wanted.has(file))
    .filter((file) => layer === undefined || layer === layerOf(file) || !slow.test(file))
    .filter((file) => (layer === layerOf(file) && !slow.test(file)) === (which === "nearby"))
    .sort((a, b) => Number(slow.test(a)) - Number(slow.test(b)));
  if (isKilled || files.length === 0) test.skip("nothing is left to run", () => {});
  else for (const file of files) describe(file, () => void require(join(place, "test", file)));
}

/** `format` for `format/header.ts`. */
function layerOf(file: string | undefined): string | undefined {
  return file?.includes("/") ? file.slice(0, file.indexOf("/")) : undefined;
}
