import type { ChildProcess } from "node:child_process";
import { frozen, killed, start } from "../running.ts";
import { History } from "./history.ts";
import type { LaneState } from "./lane-state.ts";
import type { Orders, Report } from "./operation.ts";

/** A process with lanes at work, and what it told so far. */
export class Crew {
  readonly histories: readonly History[];
  readonly failures: string[] = [];
  readonly #child: ChildProcess;
  #reached: "nothing" | "opening" | "open" = "nothing";
  #acknowledged = 0;
  #rest = "";
  #look = () => {};

  constructor(program: string, orders: Omit<Orders, "lanes">, lanes: readonly LaneState[]) {
    this.histories = lanes.map((state) => new History(state));
    const all: Orders = { ...orders, lanes: lanes.map(({ live }) => [...live.keys()]) };
    this.#child = start(program, [JSON.stringify(all)]);
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.once("close", () => this.#look());
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Resolves when its store is about to be opened, or open. */
  reached(point: "opening" | "open"): Promise<void> {
    return this.#until(() => this.#reached === point);
  }

  /** Resolves when so many operations were acknowledged. */
  hasDone(operations: number): Promise<void> {
    return this.#until(() => this.#acknowledged >= operations);
  }

  /** It acknowledges nothing any more. */
  async freeze(): Promise<void> {
    await frozen(this.#child);
  }

  /** What it wrote before it died counts. */
  kill(): Promise<void> {
    return killed(this.#child);
  }

  /** Also when it failed or ended: then what was waited for never comes. */
  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        const isOver = this.#child.exitCode !== null || this.#child.signalCode !== null;
        if (isSo() || isOver || this.failures.length > 0) resolve();
      };
      this.#look();
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(JSON.parse(line));
    this.#look();
  }

  #take(report: Report): void {
    try {
      if (report.is === "failed") this.failures.push(`lane ${report.lane}: ${report.error}`);
      else if (report.is === "begun") this.histories[report.lane]?.begin(report.operation);
      else if (report.is === "done") {
        this.histories[report.lane]?.done(report.outcome);
        this.#acknowledged += 1;
      } else this.#reached = report.is;
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}
