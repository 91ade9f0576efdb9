import { Program } from "@sess/test-support";
import type { Deed, Orders, Outcome, Report } from "./deed.ts";
import type { LaneState } from "./lane-state.ts";

/** What one lane has reported. */
export interface Log {
  /** What was there before. */
  readonly base: LaneState;
  readonly done: { readonly deed: Deed; readonly outcome: Outcome }[];
  underWay: Deed | undefined;
}

/** A process with lanes at work, and what it has reported so far. */
export class Crew {
  readonly logs: readonly Log[];
  readonly failures: string[] = [];
  acknowledged = 0;
  readonly #program: Program;
  #reached: "nothing" | "opening" | "open" = "nothing";
  #rest = "";
  #look = () => {};

  constructor(program: string, orders: Omit<Orders, "lanes">, lanes: readonly LaneState[]) {
    this.logs = lanes.map((base) => ({ base, done: [], underWay: undefined }));
    const all: Orders = { ...orders, lanes: lanes.map(({ live }) => [...live.keys()]) };
    this.#program = Program.node(program, [JSON.stringify(all)]);
    const { process } = this.#program;
    process.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    process.once("close", () => this.#look());
  }

  /** Resolves when its store is about to be opened, or is open. */
  reached(point: "opening" | "open"): Promise<void> {
    return this.#until(() => this.#reached === point);
  }

  /** Resolves when so many deeds were acknowledged. */
  hasDone(deeds: number): Promise<void> {
    return this.#until(() => this.acknowledged >= deeds);
  }

  /** From now on it acknowledges nothing. */
  freeze(): Promise<void> {
    return this.#program.freeze();
  }

  /** What it wrote before it died counts. */
  kill(): Promise<void> {
    return this.#program.kill();
  }

  /** Resolves also when it has failed or ended, since then what was waited for never comes. */
  #until(isSo: () => boolean): Promise<void> {
    const { process } = this.#program;
    return new Promise((resolve) => {
      this.#look = () => {
        const isOver = process.exitCode !== null || process.signalCode !== null;
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
    switch (report.is) {
      case "failed":
        this.failures.push(`lane ${report.lane}: ${report.error}`);
        break;
      case "begun":
        this.#log(report.lane).underWay = report.deed;
        break;
      case "done":
        this.#acknowledge(this.#log(report.lane), report.outcome);
        break;
      default:
        this.#reached = report.is;
    }
  }

  #acknowledge(log: Log, outcome: Outcome): void {
    if (log.underWay === undefined) throw new Error("Nothing was under way.");
    log.done.push({ deed: log.underWay, outcome });
    log.underWay = undefined;
    this.acknowledged += 1;
  }

  #log(lane: number): Log {
    const log = this.logs[lane];
    if (log === undefined) throw new Error(`There is no lane ${lane}.`);
    return log;
  }
}
