import { createHmac } from "node:crypto";

/** Of every contender that signs its cookies. */
export const SECRET = "a secret of more than thirty-two characters";

/** As express-session and @fastify/session sign an id. */
export function signature(id: string): string {
  return createHmac("sha256", SECRET).update(id).digest("base64").replace(/=+$/, "");
}
