import { effort } from "./effort.ts";

/** Says what was counted, in the long run: `docs/reliability.md` holds these lines. */
export function tally(what: string, counts: Record<string, number>): void {
  const said = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  if (effort(0, 1) === 1) process.stdout.write(`counted: ${what}: ${said.join(", ")}\n`);
}
