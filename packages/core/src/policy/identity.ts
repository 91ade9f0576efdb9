import { hash, hkdfSync } from "node:crypto";
import type { RandomSource } from "./random-source.ts";

/**
 * 256 bits, twice what OWASP's Session Management Cheat Sheet and ASVS 5 (7.2.3) ask for: 43 characters
 * of the base64url alphabet.
 */
const ID_BYTES = 32;
const ID = /^[\w-]{43}$/;

const SEAL_KEY_BYTES = 32;
const SEAL_KEY_PURPOSE = "@sess/core seal 1";

/** A session's secret id, and what is derived from it. */
export class Identity {
  readonly id: string;
  /**
   * What stores, lists and logs see: `~` and the SHA-256 of the id. A store that is looked up by the id
   * itself leaks it to everyone who reads the store, and through the time that a look-up takes
   * (CVE-2019-16782).
   */
  readonly handle: string;
  #sealKey: Buffer | undefined;

  constructor(id: string) {
    this.id = id;
    this.handle = `~${hash("sha256", id, "base64url")}`;
  }

  /** The key that seals this session's data. Only someone who holds the id can derive it. */
  get sealKey(): Buffer {
    this.#sealKey ??= Buffer.from(
      hkdfSync("sha256", this.id, "", SEAL_KEY_PURPOSE, SEAL_KEY_BYTES),
    );
    return this.#sealKey;
  }
}

/** A new random identity. */
export function newIdentity(random: RandomSource): Identity {
  return new Identity(random.text(ID_BYTES));
}

/** Undefined for anything that does not have the shape of an id: it is not even hashed. */
export function identityOf(id: unknown): Identity | undefined {
  return typeof id === "string" && ID.test(id) ? new Identity(id) : undefined;
}
