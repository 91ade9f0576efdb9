import { createCipheriv, createDecipheriv } from "node:crypto";

const CIPHER = "aes-256-gcm";
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
export function seal(text: string, { key, nonce, context }: SealTerms): string {
  const cipher = createCipheriv(CIPHER, key, Buffer.from(nonce, "base64url"));
  cipher.setAAD(Buffer.from(context));
  const sealed = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64url");
}

/** Throws where the text, the key, the nonce or the context is not the one that was sealed. */
export function unseal(sealed: string, { key, nonce, context }: SealTerms): string {
  const bytes = Buffer.from(sealed, "base64url");
  const end = bytes.length - TAG_BYTES;
  const iv = Buffer.from(nonce, "base64url");
  // Without the length, a record cut short could be let in by a tag of four bytes.
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(end));
  return decipher.update(bytes.subarray(0, end), undefined, "utf8") + decipher.final("utf8");
}
