import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { type HttpOptions, session } from "@sess/http";
import { expectCode, SpyStore } from "@sess/test-support";

const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });

/** Past the compiler, as from a program in JavaScript. */
function withOptions(options: object): () => unknown {
  return () => Reflect.apply(session, undefined, [sessions, options]);
}

describe("an option is refused", () => {
  test.each<[object, string]>([
    [{ name: "a b" }, 'name must be a cookie\'s name such as "session"'],
    [{ name: "a;b" }, "name must be"],
    [{ name: "" }, "name must be"],
    [{ name: "__Host-session" }, "name must be"],
    [{ domain: "https://a.example" }, 'domain must be a host name such as "example.com"'],
    [{ domain: "a.example:443" }, "domain must be"],
    [{ domain: ".example.com" }, "domain must be"],
    [{ path: "shop" }, 'path must be a path that begins with "/"'],
    [{ path: "/shop; Secure" }, "path must be"],
    [{ sameSite: "Lax" }, 'sameSite must be "lax", "strict" or "none", not "Lax"'],
    [{ sameSite: "none", secure: false }, 'sameSite: "none" needs secure'],
    [{ partitioned: true, secure: false }, "partitioned needs secure"],
    [{ trustedOrigins: "https://a.example" }, "trustedOrigins must be an array"],
    [{ trustedOrigins: ["https://a.example/"] }, "trustedOrigins[0] must be an origin"],
    [{ trustedOrigins: ["https://a.example", "a.example"] }, "trustedOrigins[1] must be an origin"],
    [{ trustedOrigins: ["HTTPS://A.example"] }, "trustedOrigins[0] must be an origin"],
    [{ trustedOrigins: ["null"] }, "trustedOrigins[0] must be an origin"],
    [{ secure: "auto" }, "secure must be true or false"],
    [{ maxAge: 3600 }, 'there is no option "maxAge"'],
    [{ property: "" }, "property must be the name of a property"],
  ])("%j", async (options, message) => {
    const error = await expectCode(withOptions(options), "INVALID_OPTION");
    expect(error.message).toContain(message);
  });

  test("that is no manager, which the message says", async () => {
    const task = () => Reflect.apply(session, undefined, [{ store: new SpyStore() }]);
    const error = await expectCode(task, "INVALID_OPTION");
    expect(error.message).toBe(
      "session: sessions must be a SessionManager of @sess/core, not an object.",
    );
  });
});

describe("the cookie's name has the strongest prefix that browsers allow with", () => {
  test.each<[HttpOptions, string]>([
    [{}, "__Host-Http-session"],
    [{ name: "admin" }, "__Host-Http-admin"],
    [{ path: "/" }, "__Host-Http-session"],
    [{ domain: "example.com" }, "__Secure-session"],
    [{ path: "/shop" }, "__Secure-session"],
    [{ secure: false }, "session"],
    [{ trustedOrigins: ["https://a.example", "capacitor://localhost"] }, "__Host-Http-session"],
  ])("%j", (options, name) => {
    const mine = sessions.create();
    expect(session(sessions, options).cookie(mine)).toBe(`${name}=${mine.id}`);
  });
});
