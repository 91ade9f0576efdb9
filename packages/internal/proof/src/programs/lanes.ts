// Parallel lanes of deeds on one LevelStore, each with sessions of its own. Reports on stdout before a
// deed begins and after it was acknowledged, until it is killed. The first argument has the orders.
import { writeSync } from "node:fs";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { begin, type Deed, DRAWN_ACTS, type Orders, perform, type Report } from "../lanes/deed.ts";
import { realSessions } from "../oracle/real-sessions.ts";
import { Random } from "../random.ts";

/** How many sessions a lane keeps alive. */
const MOST = 4;

async function run(manager: SessionManager, orders: Orders, lane: number): Promise<void> {
  const random = new Random(orders.seed + lane);
  const sessions = realSessions(manager);
  const ids = [...(orders.lanes[lane] ?? [])];
  for (;;) {
    const creates = ids.length === 0 || (ids.length < MOST && random.below(3) === 0);
    const created = creates ? manager.create() : undefined;
    const id = created?.id ?? random.pick(ids);
    const act = created ? "create" : orders.savesOnly ? "save" : random.pick(DRAWN_ACTS);
    const text = random.text(random.pick([10, 200, 2000]));
    if (created) begin(created, lane, text);
    const deed: Deed = { act, id, text, at: Date.now() };
    report({ is: "begun", lane, deed });
    const outcome = await perform(sessions, deed, created);
    report({ is: "done", lane, outcome });
    if (ids.includes(id)) ids.splice(ids.indexOf(id), 1);
    if (outcome.id !== undefined) ids.push(outcome.id);
  }
}

function report(line: Report): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function main(orders: Orders): Promise<void> {
  report({ is: "opening" });
  const { location, sync } = orders;
  const store = await LevelStore.open(location, { sync, writeBufferSize: 65536 });
  // Every access extends, since a touch is one of the acts.
  const manager = new SessionManager({ store, touchAfter: 0, sweepInterval: 0 });
  report({ is: "open" });
  for (const lane of orders.lanes.keys()) {
    run(manager, orders, lane).catch((error: unknown) => {
      report({ is: "failed", lane, error: String(error) });
    });
  }
}

const [, , orders = ""] = process.argv;
main(JSON.parse(orders)).catch((error: unknown) => {
  report({ is: "failed", lane: -1, error: String(error) });
});
