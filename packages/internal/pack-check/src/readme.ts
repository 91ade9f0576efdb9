import { readFileSync } from "node:fs";

/** The first program that a README shows. */
export function firstProgram(path: string): string {
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(path, "utf8")) ?? [];
  if (program === undefined) throw new Error(`${path} shows no program.`);
  return program;
}

/** The program with LevelStore instead of MemoryStore, and nothing else changed. */
export function withLevel(program: string): string {
  return program
    .replace(
      /^import .* from "@sess\/store-memory";$/m,
      'import { LevelStore } from "@sess/store-level";',
    )
    .replace("{ store: new MemoryStore() }", '{ store: await LevelStore.open("./sessions") }');
}
