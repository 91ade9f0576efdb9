// Two workers of a cluster try to take one lock; writes in one line what came of each.
import cluster from "node:cluster";
import { openDirectory } from "../../src/engine/directory.ts";
import { lockDirectory } from "../../src/engine/lock.ts";

const [, , location = ""] = process.argv;

function startWorkers(): void {
  const outcomes: unknown[] = [];
  for (const worker of [cluster.fork(), cluster.fork()]) {
    worker.on("message", (outcome) => {
      if (outcomes.push(outcome) < 2) return;
      process.stdout.write(`${outcomes.sort().join(" ")}\n`);
      cluster.disconnect();
    });
  }
}

async function tryLock(): Promise<void> {
  const directory = await openDirectory(location);
  const outcome = await lockDirectory(directory).then(
    () => "locked",
    () => "refused",
  );
  process.send?.(outcome);
}

if (cluster.isPrimary) startWorkers();
else void tryLock();
