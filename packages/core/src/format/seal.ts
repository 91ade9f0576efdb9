import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM } from "node:crypto";
import type { Identity } from "../identity.ts";
import type { Frame } from "./record-format.ts";

const TAG_BYTES = 16;

/** What a seal is made with besides the text. The nonce, 12 bytes, is never used twice with one key. */
export type SealTerms = [
  identity: Identity,
  frame: Omit<Frame, "expiresAt">,
  line: string,
  nonce: string,
];

/** `text` encrypted and authenticated, in base64url. */
export function seal(text: string, ...terms: SealTerms): string {
  const cipher = start<CipherGCM>(createCipheriv, ...terms);
  const sealed = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64url");
}

/** Throws where the text, the key, the nonce or the place is not the one that was sealed. */
export function unseal(sealed: string, ...terms: SealTerms): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = start<DecipherGCM>(createDecipheriv, ...terms);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

type Create<Cipher> = (
  algorithm: "aes-256-gcm",
  key: Buffer,
  nonce: Buffer,
  options: { authTagLength: number },
) => Cipher;

/**
 * Binds the sealed text to its place, so that records cannot be swapped, aged or given away. The
 * expiry is not held fast: it moves without a new seal.
 */
function start<Cipher extends CipherGCM | DecipherGCM>(
  create: Create<Cipher>,
  ...[{ sealKey, handle }, { revision, createdAt, owner }, line, nonce]: SealTerms
): Cipher {
  const iv = Buffer.from(nonce, "base64url");
  // Without the length, a record cut short could be let in by a tag of four bytes.
  const cipher = create("aes-256-gcm", sealKey, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(JSON.stringify([`${line}\n`, handle, revision, createdAt, owner])));
  return cipher;
}
