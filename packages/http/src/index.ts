export type { Awaitable, Register, SessionProperties } from "./register.ts";
export {
  type Next,
  type RequestWithSession,
  type SessionLayer,
  type SessionListener,
  session,
} from "./session-layer.ts";
export type { HttpOptions } from "./settings/http-options.ts";
