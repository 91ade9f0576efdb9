// Two workers of a cluster try to take one lock; says in one line what came of each.
import cluster from "node:cluster";
import { openDirectory } from "../../src/directory.ts";
import { lockDirectory } from "../../src/lock.ts";

const [, , location = ""] = process.argv;

if (cluster.isPrimary) {
  const outcomes: unknown[] = [];
  for (const worker of [cluster.fork(), cluster.fork()]) {
    worker.on("message", (outcome) => {
      if (outcomes.push(outcome) < 2) return;
      process.stdout.write(`${outcomes.sort().join(" ")}\n`);
      cluster.disconnect();
    });
  }
} else {
  const outcome = await openDirectory(location)
    .then((directory) => lockDirectory(directory))
    .then(
      () => "locked",
      () => "refused",
    );
  process.send?.(outcome);
}
