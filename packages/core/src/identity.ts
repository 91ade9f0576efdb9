import { hash, hkdfSync } from "node:crypto";
import type { Random } from "./random.ts";

/**
 * 256 bits, twice what OWASP's Session Management Cheat Sheet and ASVS 5 (7.2.3) ask for; 43
 * characters of the base64url alphabet.
 */
const ID_BYTES = 32;
const ID = /^[\w-]{43}$/;
const HANDLE = /^~[\w-]{43}$/;

/** Whether `value` has the shape of a handle. Nothing else is ever asked for in a store. */
export function isHandle(value: unknown): value is string {
  return typeof value === "string" && HANDLE.test(value);
}

/** A session's secret id and what is derived from it. */
export class Identity {
  readonly id: string;
  /**
   * What stores, lists and logs see. A store that is looked up by the id itself leaks it to whoever
   * reads the store and through the time that a look-up takes (CVE-2019-16782).
   */
  readonly handle: string;
  #sealKey: Buffer | undefined;

  constructor(id: string) {
    this.id = id;
    this.handle = `~${hash("sha256", id, "base64url")}`;
  }

  /** The key that seals this session's data. Only the holder of the id can derive it. */
  get sealKey(): Buffer {
    this.#sealKey ??= Buffer.from(hkdfSync("sha256", this.id, "", "@sess/core seal 1", 32));
    return this.#sealKey;
  }
}

export function newIdentity(random: Random): Identity {
  return new Identity(random(ID_BYTES));
}

/** Undefined for what has not the shape of an id: it is never even hashed. */
export function identityOf(id: unknown): Identity | undefined {
  return typeof id === "string" && ID.test(id) ? new Identity(id) : undefined;
}
