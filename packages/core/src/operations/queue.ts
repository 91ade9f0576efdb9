/** Carries out tasks one after another. */
export class Queue {
  #last: Promise<void> | undefined;

  /** Runs `task` when all before it are done, at once where there is none. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? task() : this.#last.then(task);
    const last = turn.then(ignore, ignore).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
    return turn;
  }
}

/** Whoever asked for the turn hears how it ended. */
function ignore(): void {}
