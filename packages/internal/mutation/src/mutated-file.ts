import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The file in `folder` that has the mutant which is switched on now; undefined if none is. */
export function mutatedFile(folder: string): string | undefined {
  const mutant = process.env["__STRYKER_ACTIVE_MUTANT__"];
  if (mutant === undefined) return undefined;
  const condition = new RegExp(`stryMutAct_\\w+\\("${mutant}"\\)`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).find(
    (file) => file.endsWith(".ts") && condition.test(readFileSync(join(folder, file), "utf8")),
  );
}
