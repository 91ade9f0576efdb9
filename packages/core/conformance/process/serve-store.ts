import { checkOptions, type Rules } from "../../src/adapter/options.ts";
import { SessionError } from "../../src/contract/errors.ts";
import type { Store } from "../../src/contract/store.ts";
import type { Clock } from "../harness/clock.ts";
import { ProcessClock } from "./process-clock.ts";
import { isMessage, type Reply, toldError } from "./protocol.ts";
import { ServedStores } from "./served-stores.ts";

/** What the suite needs to know about a store in another process. */
export interface ServeOptions {
  /**
   * Which clock says what has expired.
   *
   * - Absent: this process's. Where `testStore` has a `clock`, the suite sets `Date` here to the same
   *   time, and stops it.
   * - A `Clock`: the store's own, which the suite sets.
   * - `"server"`: the engine's. The suite then also tests that nothing depends on this process's clock:
   *   it puts `Date` an hour ahead and an hour back.
   *
   * @default this process's
   */
  readonly clock?: Clock | "server";
}

const rules: Rules<ServeOptions> = {
  clock: {
    expected: 'an object with the methods set, advance, or "server"',
    accepts: (value) => value === "server" || isClock(value),
  },
};

function isClock(value: unknown): boolean {
  return typeof value === "object" && value !== null && "set" in value && "advance" in value;
}

/**
 * The other end of `anotherProcess`: a module calls it to serve stores to the suite. `open` gets the
 * text that `address` returned in the suite's process, and opens a store on the same data.
 *
 * @throws INVALID_OPTION if the module was not started by `anotherProcess`, or an option makes no sense.
 */
export function serveStore(
  open: (address: string) => Store | Promise<Store>,
  options: ServeOptions = {},
): void {
  const { clock } = checkOptions("serveStore", options, rules);
  const send = process.send?.bind(process);
  if (send === undefined) {
    throw new SessionError(
      "INVALID_OPTION",
      "serveStore: this module is for anotherProcess() of testStore, which starts it. It does " +
        "nothing by itself.",
    );
  }
  const tell = (reply: Reply | { tells: "answer"; id: number; value: unknown }) => send(reply);
  const served = new ServedStores(open, new ProcessClock(), clock);
  process.on("message", async (message) => {
    if (!isMessage(message)) return;
    const { id, request } = message;
    const begun = () =>
      new Promise<void>((resolve) => {
        // Written before a store that blocks this process keeps it from being.
        send({ tells: "begun", id }, undefined, {}, () => resolve());
      });
    try {
      tell({ tells: "answer", id, value: await served.answer(request, begun) });
    } catch (error) {
      tell({ tells: "error", id, error: toldError(error) });
    }
  });
  // The suite is gone, whatever the stores still wait for.
  process.on("disconnect", () => process.exit());
  tell({ tells: "ready" });
}
