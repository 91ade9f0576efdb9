import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll } from "@jest/globals";

type Counts = Readonly<Record<string, number>>;

/** The file of a long run, named by its configuration. Other runs write none. */
const FILE = process.env["SESS_RESULTS"];

/** Adds what was counted to the results of a long run: a line of JSON. */
export function report(what: string, counts: Counts): void {
  if (FILE === undefined) return;
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify({ what, ...counts })}\n`);
}

/** Adds up what the tests of a file count, and reports it when they are over. */
export function reportAtEnd(what: string): (name: string, count: number) => void {
  const counts: Record<string, number> = {};
  afterAll(() => report(what, counts));
  return (name, count) => {
    counts[name] = (counts[name] ?? 0) + count;
  };
}
