/**
 * The writes to one session, one after the other, in the order in which they were asked for. Sent
 * side by side they would race each other over the connections of a pool, and one statement cannot
 * write a row twice.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<Outcome>(key: string, task: () => Promise<Outcome>): Promise<Outcome> {
    const before = this.#last.get(key);
    const turn = before === undefined ? task() : before.then(task, task);
    this.#last.set(key, turn);
    const leave = () => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  }
}
