import type { Draft } from "./draft.ts";
import { gone } from "./world.ts";

/** What may be done with an object. */
type Phase = "open" | "updating" | "refused" | "destroyed";

/** What a session object does without the store. */
export class LocalModel {
  protected draft: Draft;
  protected phase: Phase;

  constructor(draft: Draft, phase: Phase) {
    this.draft = draft;
    this.phase = phase;
  }

  get owner(): string | undefined {
    return this.draft.owner;
  }

  set owner(value: string | undefined) {
    this.mustLive();
    this.draft.pending.owner = { value };
  }

  get(key: string): unknown {
    return this.draft.pending.values.get(key);
  }

  set(key: string, value: unknown): void {
    this.mustLive();
    this.draft.pending.values.set(key, value);
  }

  has(key: string): boolean {
    return this.draft.pending.values.has(key);
  }

  delete(key: string): boolean {
    this.mustLive();
    return this.draft.pending.values.delete(key);
  }

  clear(): void {
    this.mustLive();
    this.draft.pending.values.clear();
  }

  keys(): string[] {
    return this.draft.pending.values.keys();
  }

  pop(key: string): unknown {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  flash(kind: string, message: unknown): void {
    this.mustLive();
    this.draft.pending.flash(kind, message);
  }

  protected mustLive(): void {
    if (this.phase === "destroyed") throw gone();
  }
}
