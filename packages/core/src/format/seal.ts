import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const TAG_BYTES = 16;

/**
 * What a seal is bound to, so that records cannot be swapped or given away. Neither the expiry, which a
 * touch moves, nor the revision, which starts again when a session is copied to another store: whoever
 * can write the store can put an older record back anyway.
 */
export interface SealBinding {
  readonly key: Buffer;
  /** 12 bytes in base64url, never used twice with one key. */
  readonly nonce: string;
  /** The header's text. */
  readonly header: string;
  readonly handle: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly owner: string | undefined;
}

/** `text` encrypted and authenticated, in base64url. */
export function seal(text: string, binding: SealBinding): string {
  const nonce = Buffer.from(binding.nonce, "base64url");
  const cipher: CipherGCM = createCipheriv(ALGORITHM, binding.key, nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(additionalData(binding));
  const sealed = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString("base64url");
}

/** @throws an error of node:crypto if the text or anything that it is bound to has changed. */
export function unseal(sealed: string, binding: SealBinding): string {
  const bytes = Buffer.from(sealed, "base64url");
  const nonce = Buffer.from(binding.nonce, "base64url");
  // Without the length, a tag of four bytes would let in a record that was cut short.
  const decipher: DecipherGCM = createDecipheriv(ALGORITHM, binding.key, nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(additionalData(binding));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

function additionalData({ header, handle, createdAt, owner }: SealBinding): Buffer {
  return Buffer.from(JSON.stringify([`${header}\n`, handle, createdAt, owner]));
}
