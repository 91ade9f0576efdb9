import { type AnySession, SessionError } from "@sess/core";
import type { Visit } from "./visit.ts";

const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/**
 * A request's session as its handlers see it: `await` makes the session of it. Until then nothing is
 * loaded, checked or sent.
 */
export class LazySession<S extends AnySession> implements PromiseLike<S> {
  readonly #layer: object;
  readonly #begin: () => Visit<S>;
  #visit: Visit<S> | undefined;

  /** @param begin - Called by the first `await`. */
  constructor(layer: object, begin: () => Visit<S>) {
    this.#layer = layer;
    this.#begin = begin;
  }

  // biome-ignore lint/suspicious/noThenProperty: `await` is the whole interface.
  then<Result = S, Failure = never>(
    onOpen?: ((session: S) => Result | PromiseLike<Result>) | null,
    onFailure?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    this.#visit ??= this.#begin();
    return this.#visit.open().then(onOpen, onFailure);
  }

  [inspect](): string {
    return this.#visit === undefined ? "Session { not loaded }" : "Session { await it }";
  }

  // Static, since any property of an instance is one that a handler could reach for.

  /** What it has come to; undefined if nobody has awaited it. */
  static visitOf<S extends AnySession>(lazy: LazySession<S>): Visit<S> | undefined {
    return lazy.#visit;
  }

  static isOf(value: unknown, layer: object): boolean {
    return value instanceof LazySession && value.#layer === layer;
  }
}

/** What loggers, test runners and inspectors look for on any value. */
const PROBES: ReadonlySet<string> = new Set([
  "toJSON",
  "inspect",
  "asymmetricMatch",
  "$$typeof",
  "nodeType",
  "tagName",
  "hasAttribute",
  "_isMockFunction",
  "@@__IMMUTABLE_ITERABLE__@@",
  "@@__IMMUTABLE_RECORD__@@",
]);

const everyObject: Readonly<Record<PropertyKey, unknown>> = {};

/**
 * At the end of the prototype chain, so that `req.session.get(…)` says what is missing. `undefined` would
 * let `req.session.user` pass for "nobody is signed in".
 */
const awaitFirst = new Proxy(everyObject, {
  get(target, name) {
    if (typeof name === "symbol" || name in target) return target[name];
    if (PROBES.has(name)) return undefined;
    throw notAwaited(name);
  },
  set(_target, name) {
    throw notAwaited(String(name));
  },
});

Object.setPrototypeOf(LazySession.prototype, awaitFirst);

function notAwaited(name: string): SessionError {
  const shown = /^[\w$]{1,40}$/.test(name) ? `.${name}` : "";
  return new SessionError(
    "NOT_SUPPORTED",
    `The session is not loaded yet, so it has no properties: write (await req.session)${shown}, or await it once and keep the result. In Koa it is ctx.session, in Hono c.var.session.`,
  );
}
