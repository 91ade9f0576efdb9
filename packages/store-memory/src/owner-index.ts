/** Which sessions belong to whom. */
export class OwnerIndex {
  readonly #handlesOf = new Map<string, Set<string>>();

  /** The handles of `owner`'s sessions, in the order in which they became theirs. */
  handlesOf(owner: string): ReadonlySet<string> {
    return this.#handlesOf.get(owner) ?? new Set();
  }

  /** Notes that a session passes from one owner to another; undefined stands for none. */
  move(handle: string, from: string | undefined, to: string | undefined): void {
    if (from === to) return;
    if (from !== undefined) this.#remove(from, handle);
    if (to !== undefined) this.#add(to, handle);
  }

  clear(): void {
    this.#handlesOf.clear();
  }

  #add(owner: string, handle: string): void {
    const handles = this.#handlesOf.get(owner);
    if (handles === undefined) this.#handlesOf.set(owner, new Set([handle]));
    else handles.add(handle);
  }

  #remove(owner: string, handle: string): void {
    const handles = this.#handlesOf.get(owner);
    handles?.delete(handle);
    if (handles?.size === 0) this.#handlesOf.delete(owner);
  }
}
