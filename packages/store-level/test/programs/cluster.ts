// Two workers of a cluster open one directory; writes in one line what came of each.
import cluster from "node:cluster";
import { LevelStore } from "@sess/store-level";

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

async function tryToOpen(): Promise<void> {
  const outcome = await LevelStore.open(location).then(
    () => "open",
    () => "refused",
  );
  process.send?.(outcome);
}

if (cluster.isPrimary) startWorkers();
else void tryToOpen();
