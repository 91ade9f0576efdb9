import { SingleBar } from "cli-progress";

/** Shows how far a run is: a bar on a terminal, a line for each step elsewhere. */
export class Progress {
  readonly #bar: SingleBar;
  readonly #total: number;
  #done = 0;

  constructor(total: number) {
    this.#total = total;
    this.#bar = new SingleBar({
      format: "{bar} {percentage}% | {value} of {total} | {duration_formatted} | {title}",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.#bar.start(total, 0, { title: "" });
  }

  /** Before each step. */
  next(title: string): void {
    this.#bar.update(this.#done, { title });
    this.#done += 1;
    if (!process.stderr.isTTY) process.stderr.write(`${this.#done} of ${this.#total}: ${title}\n`);
  }

  stop(): void {
    this.#bar.stop();
  }
}
