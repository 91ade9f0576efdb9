import { hash } from "node:crypto";
import type { SessionRecord } from "../contract/store.ts";

/** A first save to which no answer came: it is stored, or may still arrive, or never will. */
export interface FirstSave {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. From this instant on it cannot be stored any more. */
  readonly expiresAt: number;
  readonly owner: string | undefined;
  /** Tells its record from another's. */
  readonly textHash: string;
}

const HOUR = 3_600_000;

/** Milliseconds. No network holds a write back for that long. */
const LIFE = HOUR;

/** The oldest make room: while a store is down, every new session adds one. */
const MOST = 10_000;

/**
 * The first saves of this manager's sessions to which no answer came. Whoever ends such a session leaves
 * an ended mark: under an empty handle, the save could still arrive or be sent again.
 */
export class FirstSavesInDoubt {
  /** By handle, the oldest first. */
  readonly #saves = new Map<string, FirstSave & { readonly notedAt: number }>();

  note(handle: string, record: SessionRecord): void {
    const { createdAt, expiresAt, owner, data } = record;
    const notedAt = performance.now();
    this.#saves.delete(handle);
    this.#saves.set(handle, { createdAt, expiresAt, owner, textHash: hashOf(data), notedAt });
    this.#forgetOldest(notedAt);
  }

  find(handle: string): FirstSave | undefined {
    return this.#saves.get(handle);
  }

  #forgetOldest(now: number): void {
    for (const [handle, { notedAt }] of this.#saves) {
      if (this.#saves.size <= MOST && notedAt > now - LIFE) return;
      this.#saves.delete(handle);
    }
  }
}

/** Whether `found` is what the first save has stored, or what others have saved over it since. */
export function isOfSameSession(found: SessionRecord, firstSave: FirstSave): boolean {
  if (found.createdAt !== firstSave.createdAt) return false;
  return found.revision > 1 || hashOf(found.data) === firstSave.textHash;
}

function hashOf(data: string): string {
  return hash("sha256", data, "base64url");
}
