// Parallel lanes of operations on one LevelStore. Tells on stdout of each before it begins and after
// it is acknowledged, until it is killed. Orders come as JSON in the first argument.
import { writeSync } from "node:fs";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { Lane } from "../lanes/lane.ts";
import type { Messages, Orders, Report, Values } from "../lanes/operation.ts";
import { Random } from "../random.ts";

function tell(report: Report): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}

async function run(manager: SessionManager<Values, Messages>, orders: Orders, lane: number) {
  const random = new Random(orders.seed + lane);
  const line = new Lane(manager, lane, orders.lanes[lane] ?? [], random);
  const begin = (operation: Parameters<Parameters<typeof line.step>[0]>[0]) =>
    tell({ is: "begun", lane, operation });
  for (;;) tell({ is: "done", lane, outcome: await line.step(begin, orders.savesOnly === true) });
}

async function main(orders: Orders): Promise<void> {
  tell({ is: "opening" });
  const { location, sync } = orders;
  const store = await LevelStore.open(location, { sync, writeBufferSize: 65536 });
  // Extends at each access, since a touch is one of the operations.
  const manager = new SessionManager<Values, Messages>({ store, touchAfter: 0, sweepInterval: 0 });
  tell({ is: "open" });
  for (const lane of orders.lanes.keys()) {
    run(manager, orders, lane).catch((error: unknown) => {
      tell({ is: "failed", lane, error: String(error) });
    });
  }
}

const [, , orders = ""] = process.argv;
main(JSON.parse(orders)).catch((error: unknown) => {
  tell({ is: "failed", lane: -1, error: String(error) });
});
