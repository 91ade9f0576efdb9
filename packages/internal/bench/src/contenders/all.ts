import { BARE_LEVEL } from "./bare-level.ts";
import type { Contender } from "./contender.ts";
import { EXPRESS } from "./express-session.ts";
import { FASTIFY } from "./fastify-session.ts";
import { IRON } from "./iron-session.ts";
import { KOA } from "./koa-session.ts";
import { PLAIN_JSON } from "./plain-json.ts";
import { REMIX } from "./remix-session.ts";
import { SESS } from "./sess.ts";

/** Every contender, by its name. */
export const CONTENDERS = {
  ...SESS,
  ...EXPRESS,
  ...FASTIFY,
  ...KOA,
  ...REMIX,
  ...IRON,
  ...PLAIN_JSON,
  ...BARE_LEVEL,
} satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;
