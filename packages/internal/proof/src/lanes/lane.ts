import type { Session, SessionManager } from "@sess/core";
import type { Random } from "../random.ts";
import { type Messages, type Operation, type Outcome, ownerOf, type Values } from "./operation.ts";

type Begin = (operation: Operation) => void;

/** How many sessions a lane keeps alive. */
const MOST = 4;

const CHANGES = [
  ...["save", "save", "save", "update", "update", "flash", "flash", "take"],
  ...["touch", "regenerate", "destroy", "revoke"],
];

/** One after the other, operations on sessions that no other lane knows. */
export class Lane {
  readonly #sessions: SessionManager<Values, Messages>;
  readonly #number: number;
  readonly #ids: string[];
  readonly #random: Random;

  constructor(
    sessions: SessionManager<Values, Messages>,
    number: number,
    ids: readonly string[],
    random: Random,
  ) {
    this.#sessions = sessions;
    this.#number = number;
    this.#ids = [...ids];
    this.#random = random;
  }

  /** `begin` is told what is about to happen before any of it does. */
  async step(begin: Begin, savesOnly: boolean): Promise<Outcome> {
    if (this.#ids.length < MOST && this.#random.below(3) === 0) return this.#create(begin);
    const [first] = this.#ids;
    if (first === undefined) return this.#create(begin);
    const id = this.#random.pick(this.#ids);
    const kind = savesOnly ? "save" : this.#random.pick(CHANGES);
    if (kind === "update") return this.#update(id, begin);
    const session = await this.#sessions.load(id);
    if (session === undefined) throw new Error("a live session is gone");
    return this.#change(kind, session, begin);
  }

  async #create(begin: Begin): Promise<Outcome> {
    const session = this.#sessions.create();
    const text = this.#text();
    begin({ kind: "create", id: session.id, text });
    session.owner = ownerOf(this.#number);
    session.set("text", text);
    session.set("count", 0);
    await session.save();
    this.#ids.push(session.id);
    return { expiresAt: session.expiresAt.getTime() };
  }

  async #update(id: string, begin: Begin): Promise<Outcome> {
    begin({ kind: "update", id });
    const session = await this.#sessions.update(id, (fresh) => {
      fresh.set("count", (fresh.get("count") ?? 0) + 1);
    });
    if (session === undefined) throw new Error("a live session is gone");
    return { expiresAt: session.expiresAt.getTime() };
  }

  async #change(kind: string, session: Session<Values, Messages>, begin: Begin): Promise<Outcome> {
    const { id, handle } = session;
    switch (kind) {
      case "save": {
        const text = this.#text();
        begin({ kind, id, text });
        session.set("text", text);
        await session.save();
        return { expiresAt: session.expiresAt.getTime() };
      }
      case "flash": {
        const message = this.#random.text(8);
        begin({ kind, id, message });
        session.flash("note", message);
        await session.save();
        return { expiresAt: session.expiresAt.getTime() };
      }
      case "take":
        begin({ kind, id });
        return { messages: await session.takeFlash("note") };
      case "touch":
        begin({ kind, id });
        await session.save();
        return { expiresAt: session.expiresAt.getTime() };
      case "regenerate":
        begin({ kind, id });
        await session.regenerate();
        this.#forget(id);
        this.#ids.push(session.id);
        return { id: session.id, expiresAt: session.expiresAt.getTime() };
      case "destroy":
        begin({ kind, id });
        await session.destroy();
        this.#forget(id);
        return {};
      default:
        begin({ kind: "revoke", id });
        if (!(await this.#sessions.revoke(handle))) throw new Error("nothing was revoked");
        this.#forget(id);
        return {};
    }
  }

  #forget(id: string): void {
    this.#ids.splice(this.#ids.indexOf(id), 1);
  }

  #text(): string {
    return this.#random.text(this.#random.pick([10, 200, 2000]));
  }
}
