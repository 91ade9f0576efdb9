import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode, ReferenceStore } from "@sess/test-support";
import { saved } from "./support/sessions.ts";
import { untypedCall } from "./support/untyped-call.ts";

describe("options of a call that make no sense are refused and no session ends:", () => {
  const calls: readonly [what: string, method: string, ...args: unknown[]][] = [
    ["a misspelt owner", "revoke", "HANDLE", { ower: "you" }],
    [
      "an owner that is undefined, as when nobody is signed in",
      "revoke",
      "HANDLE",
      { owner: undefined },
    ],
    ["an owner that is empty", "revoke", "HANDLE", { owner: "" }],
    ["an owner that is a number", "revoke", "HANDLE", { owner: 7 }],
    ["a misspelt except", "revokeAll", "me", { expect: "SESSION" }],
    ["an except that is no session", "revokeAll", "me", { except: "HANDLE" }],
    ["no owner", "revokeAll"],
    ["a callback for options", "revokeAll", "me", () => {}],
    ["a callback for options", "revoke", "HANDLE", () => {}],
    ["an empty owner", "revokeAll", ""],
    ["an owner of 256 bytes", "revokeAll", "é".repeat(128)],
    ["an owner with NUL", "revokeAll", "a\0"],
    ["an owner with half a character", "revokeAll", "\ud800"],
  ];

  test.each(calls)("%s", async (_, method, ...args) => {
    const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
    const session = await saved(sessions, {}, "me");
    const given = args.map((each) => (each === "HANDLE" ? session.handle : each));
    await expectCode(() => untypedCall(sessions, method, ...given), "INVALID_OPTION");
    expect(await sessions.load(session.id)).toBeDefined();
  });

  test.each([undefined, null, 42, ""])("a list of an owner that is %j", async (owner) => {
    const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
    await saved(sessions, {}, "me");
    const error = await expectCode(() => untypedCall(sessions, "list", owner), "INVALID_OPTION");
    expect(error.message).toContain("owner must be well-formed text of 1 to 255 bytes");
  });

  test("a lifetime that is a callback", async () => {
    const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
    await expectCode(() => untypedCall(sessions, "create", () => {}), "INVALID_OPTION");
  });

  test.each(["session", "sessions"])("a change of %s.update() that is no function", async (on) => {
    const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
    const session = await saved(sessions);
    for (const change of [undefined, { views: 1 }, "views"]) {
      const calling = () =>
        on === "session"
          ? untypedCall(session, "update", change)
          : untypedCall(sessions, "update", session.id, change);
      const error = await expectCode(calling, "INVALID_OPTION");
      expect(error.message).toContain("change must be a function of the session");
    }
  });

  test("a restart that is no boolean", async () => {
    const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
    const session = await saved(sessions);
    await expectCode(
      () => untypedCall(session, "regenerate", { restart: "false" }),
      "INVALID_OPTION",
    );
  });

  test.each(["", "a\0", "\ud800", "é".repeat(128), 7, null])(
    "an owner of a session: %j",
    async (owner) => {
      const sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
      const session = await saved(sessions, {}, "me");
      const error = await expectCode(() => Reflect.set(session, "owner", owner), "INVALID_OPTION");
      expect(error.message).toContain("1 to 255 bytes");
      expect(error.message).toMatch(/\(convert a number\), not /);
      expect(session.owner).toBe("me");
    },
  );
});
