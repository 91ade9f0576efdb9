import { join } from "node:path";
import { bundle } from "@sess/test-support";

/** Bundles a program of `programs/`, and returns the file's path. LevelDB's engine stays where it is. */
export function programFile(name: string): string {
  return bundle(join(__dirname, "programs", `${name}.ts`), { external: ["classic-level"] });
}
