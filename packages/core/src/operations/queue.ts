/** Carries out tasks one after another. */
export class Queue {
  #last: Promise<unknown> | undefined;

  /** Runs `task` when all before it are done, however they ended; the first one at once. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last ? this.#last.then(task, task) : task();
    this.#last = turn;
    return turn;
  }
}
