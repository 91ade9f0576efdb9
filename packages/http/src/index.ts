export type { Awaitable, Register, SessionProperties } from "./register.ts";
export { type Next, type SessionLayer, session } from "./session-layer.ts";
export type { HttpOptions } from "./settings/http-options.ts";
