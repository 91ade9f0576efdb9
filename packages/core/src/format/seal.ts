import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM } from "node:crypto";

const TAG_BYTES = 16;

/** What a seal is made with besides the text. */
export interface SealTerms {
  readonly key: Buffer;
  /** 12 bytes in base64url, never used twice with one key. */
  readonly nonce: string;
  /** Text that is not hidden but must be the same at unsealing. */
  readonly context: string;
}

/** `text` encrypted and authenticated, in base64url. */
export function seal(text: string, terms: SealTerms): string {
  const cipher = start<CipherGCM>(createCipheriv, terms);
  const sealed = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64url");
}

/** Throws where the text, the key, the nonce or the context is not the one that was sealed. */
export function unseal(sealed: string, terms: SealTerms): string {
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = start<DecipherGCM>(createDecipheriv, terms);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

type Create<Cipher> = (
  algorithm: "aes-256-gcm",
  key: Buffer,
  nonce: Buffer,
  options: { authTagLength: number },
) => Cipher;

function start<Cipher extends CipherGCM | DecipherGCM>(
  create: Create<Cipher>,
  { key, nonce, context }: SealTerms,
): Cipher {
  const iv = Buffer.from(nonce, "base64url");
  // Without the length, a record cut short could be let in by a tag of four bytes.
  const cipher = create("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  return cipher;
}
