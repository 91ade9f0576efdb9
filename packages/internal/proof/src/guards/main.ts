// Takes each guard out of a copy of the repository and shows which test notices: `npm run guards`.
// With a part of a file's path, or of what goes wrong, only those, and it renews their rows alone.
import { join } from "node:path";
import { allGuards } from "./all-guards.ts";
import { Copy, type Removal } from "./removal.ts";
import { writeTable } from "./table.ts";

const repository = join(import.meta.dirname, "../../../../..");
const wanted = process.argv.slice(2);
const guards = allGuards.filter(({ file, without }) =>
  wanted.every((part) => `${file} ${without}`.includes(part)),
);

const queue = guards.entries();
const removals: Removal[] = [];

/** The copies take turns at one queue. */
async function work(copy: Copy): Promise<void> {
  for (const [index, guard] of queue) {
    const removal = await copy.without(guard);
    removals.push(removal);
    const outcome = removal.red === undefined ? "NOTHING WENT RED" : `red: ${removal.red}`;
    process.stdout.write(`${index + 1}/${guards.length} ${guard.without}\n    ${outcome}\n`);
  }
}

const [first, second] = [new Copy(repository), new Copy(repository)];
try {
  await first.mustBeGreen(guards);
  await Promise.all([work(first), work(second)]);
} finally {
  first.remove();
  second.remove();
  // What a run that broke off has shown is shown.
  writeTable(join(repository, "docs/reliability.md"), allGuards, removals);
}
const unseen = removals.filter(({ red }) => red === undefined).length;
process.stdout.write(`${removals.length} guards removed, ${removals.length - unseen} noticed\n`);
if (unseen > 0) process.exitCode = 1;
