import { describe, expect, test } from "@jest/globals";
import { type Codec, SessionManager } from "@sess/core";
import * as devalue from "devalue";
import superjson from "superjson";
import { codecOf } from "../support/codecs.ts";
import { expectCode } from "../support/expect-code.ts";
import { loaded, saved, stored } from "../support/sessions.ts";
import { SpyStore } from "../support/spy.ts";

const odd = 'line\nfeed\ttab\0NUL\r\u2028\u2029 "quotes" \\ 🍪 </script>';
const rich = {
  when: new Date(0),
  map: new Map([["key", new Set([1])]]),
  big: 10n,
  not: undefined,
  nan: Number.NaN,
  odd,
};

function manager(codec: Codec, encrypt = false) {
  const store = new SpyStore();
  return { store, sessions: new SessionManager({ store, codec, encrypt, sweepInterval: 0 }) };
}

const codecs: readonly [name: string, codec: Codec, value: unknown][] = [
  ["JSON", JSON, { list: [1, null, odd] }],
  ["devalue", devalue, rich],
  ["superjson", superjson, rich],
];

describe.each(codecs)("%s is a codec as it is", (_, codec, value) => {
  test.each([false, true])("for values and messages, encrypt: %s", async (encrypt) => {
    const { sessions } = manager(codec, encrypt);
    const session = await saved(sessions, { value, plain: 1 });
    session.flash("info", value);
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(again.get("value")).toEqual(value);
    expect(again.get("plain")).toBe(1);
    expect(await again.takeFlash("info")).toEqual([value]);
  });

  test("whose values that were only read are no change", async () => {
    const { store, sessions } = manager(codec);
    const { id } = await saved(sessions, { value });
    const again = await loaded(sessions, id);
    again.get("value");
    store.counts();
    await again.save();
    expect(store.counts()).toEqual({});
  });

  test("whose values changed in place are noticed", async () => {
    const { sessions } = manager(codec);
    const { id } = await saved(sessions, { value });
    const again = await loaded(sessions, id);
    again.get("value").added = odd;
    await again.save();
    expect(await stored(sessions, id)).toEqual({ value: { ...Object(value), added: odd } });
  });
});

describe("a codec that makes of a value", () => {
  const broken: Record<string, Codec> = {
    "a line feed": codecOf(() => '"a\nb"'),
    "a tab": codecOf(() => '"a\tb"'),
    "a NUL": codecOf(() => '"a\0b"'),
    "half a character": codecOf(() => '"\ud800"'),
    "the other half": codecOf(() => '"\udc00\ud83c"'),
    "no text": { stringify: JSON.stringify, parse: JSON.parse },
  };

  test.each(Object.entries(broken))("%s is refused and nothing is stored", async (_, codec) => {
    const { store, sessions } = manager(codec);
    const session = sessions.create();
    // What JSON makes of undefined is no text.
    const error = await expectCode(() => session.set("key", undefined), "VALUE_NOT_SERIALIZABLE");
    expect(error.message).toContain("key");
    await expectCode(() => session.flash("info", undefined), "VALUE_NOT_SERIALIZABLE");
    await session.save();
    expect(store.calls).toEqual([]);
  });

  test.each([1, null, {}, ["text"], Object("text")])(
    "%p instead of text is refused",
    async (text) => {
      const codec: Codec = JSON.parse("{}");
      Object.assign(codec, { stringify: () => text, parse: JSON.parse });
      await expectCode(
        () => manager(codec).sessions.create().set("key", 1),
        "VALUE_NOT_SERIALIZABLE",
      );
    },
  );

  test("an exception is refused with the cause", async () => {
    const cause = new RangeError("not that one");
    const codec = codecOf(() => {
      throw cause;
    });
    const session = manager(codec).sessions.create();
    const error = await expectCode(() => session.set("key", 1), "VALUE_NOT_SERIALIZABLE");
    expect(error.cause).toBe(cause);
    expect(error.message).toContain("key");
  });

  test("an exception only now, for a change in place, is refused when saved", async () => {
    const { store, sessions } = manager({
      stringify: (value) =>
        JSON.stringify(value, (_, each) => (each === "bad" ? "\n" : each)).replace("\\n", "\n"),
      parse: JSON.parse,
    });
    const { id } = await saved(sessions, { list: [] });
    const session = await loaded(sessions, id);
    session.get("list").push("bad");
    store.counts();
    await expectCode(session.save(), "VALUE_NOT_SERIALIZABLE");
    expect(store.counts()).toEqual({});
  });
});

describe("a codec that cannot read a stored value", () => {
  test("makes it RECORD_CORRUPT with the cause, and the record stays", async () => {
    const { store, sessions } = manager(JSON);
    const { id } = await saved(sessions, { value: [1], other: 2 });
    const cause = new TypeError("unreadable");
    const codec: Codec = {
      stringify: JSON.stringify,
      parse: () => {
        throw cause;
      },
    };
    const before = new Map(store.records);
    const session = await loaded(new SessionManager({ store, codec }), id);
    const error = await expectCode(() => session.get("value"), "RECORD_CORRUPT");
    expect(error.cause).toBe(cause);
    expect(store.records).toEqual(before);
  });

  test("takes no message that it cannot show", async () => {
    const { store, sessions } = manager(JSON);
    const session = await saved(sessions);
    session.flash("info", "hello");
    await session.save();
    const codec: Codec = {
      stringify: JSON.stringify,
      parse: () => {
        throw new TypeError("unreadable");
      },
    };
    const reader = await loaded(new SessionManager({ store, codec }), session.id);
    await expectCode(reader.takeFlash("info"), "RECORD_CORRUPT");
    expect(await session.takeFlash("info")).toEqual(["hello"]);
  });
});

describe("a codec that is not canonical", () => {
  const spaced: Codec = {
    stringify: (value) => JSON.stringify(value).replaceAll(",", ", "),
    parse: JSON.parse,
  };

  test("does not count as a change what it would only write differently", async () => {
    const { store, sessions } = manager(spaced);
    const { id } = await saved(sessions, { list: [1, 2] });
    const session = await loaded(new SessionManager({ store, codec: JSON }), id);
    session.get("list");
    store.counts();
    await session.save();
    expect(store.counts()).toEqual({});
  });

  test("still counts what did change", async () => {
    const { store, sessions } = manager(spaced);
    const { id } = await saved(sessions, { list: [1, 2] });
    const session = await loaded(new SessionManager({ store, codec: JSON }), id);
    session.get("list").push(3);
    await session.save();
    expect(await stored(sessions, id)).toEqual({ list: [1, 2, 3] });
  });
});
