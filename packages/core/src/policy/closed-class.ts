import { shownName } from "../adapter/shown-name.ts";
import { SessionError } from "../contract/errors.ts";

/**
 * Has the objects of a class refuse properties that they do not have, and those that are only read: an
 * assignment would be lost when the session is saved, and outside of strict mode nobody would hear of it.
 */
export function closeClass(prototype: object): void {
  for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (get !== undefined && set === undefined) {
      Object.defineProperty(prototype, name, {
        set() {
          throw readOnly(name);
        },
      });
    }
  }
  Object.setPrototypeOf(prototype, noForeignProperties);
}

/** At the end of the prototype chain: a frozen object would refuse a property in strict mode alone. */
const noForeignProperties = new Proxy(Object.freeze({}), {
  set(_target, name) {
    throw new SessionError(
      "NOT_SUPPORTED",
      `A session has no property ${shownName(String(name))} of yours: it would not be saved. Use session.set(key, value).`,
    );
  },
});

function readOnly(name: string): SessionError {
  return new SessionError(
    "NOT_SUPPORTED",
    `session.${name} is read-only. To hold a value, use session.set(key, value); to change timeouts, regenerate({ idleTimeout }).`,
  );
}
