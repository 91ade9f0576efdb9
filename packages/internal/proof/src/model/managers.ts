import { SessionManager } from "@sess/core";
import { openStores, type Place, type StoreKind } from "../stores.ts";
import { RealSessions } from "./real-sessions.ts";
import type { Rules } from "./world.ts";

/** The real managers of a run on one place: two, as two processes would have them. */
export class Managers {
  readonly #kind: StoreKind;
  readonly #place: Place;
  #managers: readonly SessionManager[] = [];

  private constructor(kind: StoreKind, place: Place) {
    this.#kind = kind;
    this.#place = place;
  }

  /** On a place of its own, not open yet. */
  static async on(kind: StoreKind): Promise<Managers> {
    return new Managers(kind, await kind.place());
  }

  async open(rules: Rules): Promise<void> {
    const { idleTimeout, absoluteTimeout, touchAfter, codec, encrypt } = rules;
    const options = {
      ...{ idleTimeout, absoluteTimeout, encrypt, sweepInterval: 0 },
      ...(touchAfter !== undefined && { touchAfter }),
      ...(codec !== JSON && { codec }),
    };
    const stores = await openStores(this.#kind, this.#place, 2);
    this.#managers = stores.map((store) => new SessionManager({ ...options, store }));
  }

  /** One of them; they can be asked when they are closed, too. */
  at(index: number): RealSessions {
    const manager = this.#managers[index % this.#managers.length];
    if (manager === undefined) throw new Error("They were never opened.");
    return new RealSessions(manager);
  }

  async close(): Promise<void> {
    for (const manager of this.#managers) await manager.close();
  }
}
