import { afterAll } from "@jest/globals";
import { effort } from "./effort.ts";

/** Says what was counted, in the long run: `npm run counts` puts it into `docs/reliability.md`. */
export function tally(what: string, counts: Record<string, number>): void {
  const said = Object.entries(counts).map(
    ([name, count]) => `${count.toLocaleString("en")} ${name}`,
  );
  if (effort(0, 1) === 1) process.stdout.write(`counted: ${what}: ${said.join(", ")}\n`);
}

/** Adds up what the tests of a file count, and says it when they are over. */
export function tallyAtEnd(what: string): (name: string, count: number) => void {
  const counts: Record<string, number> = {};
  afterAll(() => tally(what, counts));
  return (name, count) => {
    counts[name] = (counts[name] ?? 0) + count;
  };
}
