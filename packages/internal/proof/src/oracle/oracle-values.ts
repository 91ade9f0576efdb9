import { SessionError } from "@sess/core";
import { type Change, changed } from "./changes.ts";
import { HandedOut } from "./handed-out.ts";
import { gone, type Keeper, type Stored } from "./stored.ts";

/** What one session object shows: its changes, in order, over the session as it last saw it. */
export abstract class OracleValues {
  protected readonly oracle: Keeper;
  protected phase: "open" | "updating" | "destroyed" = "open";
  protected seen: Stored;
  protected changes: readonly Change[] = [];
  protected handedOut: HandedOut;

  constructor(oracle: Keeper, seen: Stored) {
    this.oracle = oracle;
    this.seen = seen;
    this.handedOut = new HandedOut(oracle.rules.codec);
  }

  get createdAt(): Date {
    return new Date(this.seen.createdAt);
  }

  get expiresAt(): Date {
    return new Date(this.seen.expiresAt);
  }

  get owner(): string | undefined {
    return this.shown().owner;
  }

  set owner(owner: string | undefined) {
    this.change({ do: "own", owner });
  }

  get(key: string): unknown {
    if (this.handedOut.has(key)) return this.handedOut.get(key);
    const text = this.shown().values.get(key);
    if (text === undefined) return undefined;
    const value = this.oracle.rules.codec.parse(text);
    if (typeof value === "object") this.handedOut.set(key, value);
    return value;
  }

  set(key: string, value: unknown): void {
    this.change({ do: "set", key, text: this.oracle.rules.codec.stringify(value) });
    this.handedOut.set(key, value);
  }

  has(key: string): boolean {
    return this.shown().values.has(key);
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.change({ do: "delete", key });
    else this.mustAllow("change");
    this.handedOut.forget(key);
    return had;
  }

  clear(): void {
    this.change({ do: "clear" });
  }

  keys(): string[] {
    return [...this.shown().values.keys()];
  }

  pop(key: string): unknown {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  flash(kind: string, message: unknown): void {
    this.change({ do: "flash", kind, text: this.oracle.rules.codec.stringify(message) });
  }

  protected change(change: Change): void {
    this.mustAllow("change");
    this.changes = [...this.changes, change];
    if (change.do === "clear") this.handedOut.clear();
    if ("key" in change) this.handedOut.forget(change.key);
  }

  /** The session as it is with this object's changes. */
  protected shown(): Stored {
    return this.changes.reduce(changed, this.seen);
  }

  /** Makes a change of each value that was changed in place. */
  protected notice(): void {
    this.changes = [...this.changes, ...this.handedOut.changesInPlace(this.shown())];
  }

  /** Throws after `destroy()`, and inside `update()` for what is refused there. */
  protected mustAllow(call: "change" | "save" | "end"): void {
    if (call !== "end" && this.phase === "destroyed") throw gone();
    if (call === "change" || this.phase !== "updating") return;
    throw new SessionError("NOT_SUPPORTED", "The oracle says so: inside update().");
  }
}
