import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { isObject } from "@sess/core/adapter";
import { session } from "@sess/http";
import { expectCode, SpyStore } from "@sess/test-support";

const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });
const visit = session(sessions);

/** A session that nobody has awaited. Not `async`: a promise of it would be one of the loaded session. */
function lazySession(): object {
  const request = new Request("https://shop.example");
  void visit.fetch(request, () => new Response());
  return visit.of(request);
}

describe("a session that is not awaited", () => {
  test.each(["get", "set", "owner", "id", "user", "catch", "finally"])(
    "has no %s",
    async (name) => {
      const lazy = lazySession();
      const error = await expectCode(() => read(lazy, name), "NOT_SUPPORTED");
      expect(error.message).toContain(`(await req.session).${name}`);
    },
  );

  test("takes no property", async () => {
    const lazy = lazySession();
    await expectCode(() => Reflect.set(lazy, "user", "ada"), "NOT_SUPPORTED");
  });

  test("does not repeat an odd name in its message", async () => {
    const lazy = lazySession();
    const error = await expectCode(() => read(lazy, "<script>"), "NOT_SUPPORTED");
    expect(error.message).not.toContain("<script>");
  });

  test("can be looked at by loggers, test runners and inspectors", async () => {
    const lazy = lazySession();
    expect(inspect({ session: lazy })).toBe("{ session: Session { not loaded } }");
    expect(JSON.stringify({ session: lazy })).toBe('{"session":{}}');
    expect(lazy).toEqual(lazy);
    expect(lazy).not.toEqual({ user: "ada" });
    expect(Object.prototype.toString.call(lazy)).toBe("[object Object]");
    expect({ ...lazy }).toEqual({});
    expect("user" in lazy).toBe(false);
  });
});

/** What a program in JavaScript would read. */
function read(value: object, name: string): unknown {
  return isObject(value) && value[name];
}
