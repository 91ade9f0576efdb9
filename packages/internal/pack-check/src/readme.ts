import { readFileSync } from "node:fs";

/** The program that a README begins with. */
export function firstProgram(path: string): string {
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(path, "utf8")) ?? [];
  if (program === undefined) throw new Error(`${path} shows no program.`);
  return program;
}

/** The same with the sessions in LevelDB, changed as the README says: in the store and nothing else. */
export function withLevel(program: string): string {
  return program
    .replace(
      /^import .* from "@sess\/store-memory";$/m,
      'import { LevelStore } from "@sess/store-level";',
    )
    .replace("{ store: new MemoryStore() }", '{ store: await LevelStore.open("./sessions") }');
}
