/** Carries out tasks one after another. */
export class Queue {
  #last: Promise<void> | undefined;

  /** Runs `task` when all before it are done, at once where there is none. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? task() : this.#last.then(task);
    // Whoever asked for the turn hears how it ended.
    const end = () => {
      if (this.#last === last) this.#last = undefined;
    };
    const last = turn.then(end, end);
    this.#last = last;
    return turn;
  }
}
