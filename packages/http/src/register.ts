import type { Session, SessionManager } from "@sess/core";

/**
 * Types the session properties of requests and contexts: the property's name and its manager.
 *
 * ```ts
 * declare module "@sess/http" {
 *   interface Register {
 *     session: typeof sessions;
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications fill it in.
export interface Register {}

/** What `await` turns into the session. Nothing is loaded, and nothing sent, until then. */
export type Awaitable<Session> = PromiseLike<Session>;

type SessionOf<Manager> =
  Manager extends SessionManager<infer Values, infer Messages> ? Session<Values, Messages> : never;

type Registered = { [Name in keyof Register]: Awaitable<SessionOf<Register[Name]>> };

type Unregistered = { session: Awaitable<Session> };

/**
 * The properties that layers put on requests: those of `Register`, or an untyped `session`.
 *
 * Bindings import this by the package's name: their declarations must lead the compiler to the module that
 * applications augment.
 */
export type SessionProperties = keyof Register extends never ? Unregistered : Registered;
