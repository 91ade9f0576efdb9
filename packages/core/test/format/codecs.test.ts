import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { type Codec, SessionManager } from "@sess/core";
import { expectCode, SpyStore } from "@sess/test-support";
import * as devalue from "devalue";
import superjson from "superjson";
import { codecOf } from "../support/codecs.ts";
import { loaded, saved, stored } from "../support/sessions.ts";

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

describe.each(codecs)("%s can be used as a codec as it is", (_, codec, value) => {
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

  test("and a value that is only read is no change", async () => {
    const { store, sessions } = manager(codec);
    const { id } = await saved(sessions, { value });
    const again = await loaded(sessions, id);
    again.get("value");
    store.counts();
    await again.save();
    expect(store.counts()).toEqual({});
  });

  test("and a value that is changed in place is noticed", async () => {
    const { sessions } = manager(codec);
    const { id } = await saved(sessions, { value });
    const again = await loaded(sessions, id);
    again.get("value").added = odd;
    await again.save();
    expect(await stored(sessions, id)).toEqual({ value: { ...Object(value), added: odd } });
  });
});

describe("a codec whose text for a value", () => {
  const broken: Record<string, Codec> = {
    "has a line feed": codecOf(() => '"a\nb"'),
    "has a tab": codecOf(() => '"a\tb"'),
    "has a NUL": codecOf(() => '"a\0b"'),
    "has half a character": codecOf(() => '"\ud800"'),
    "has the other half": codecOf(() => '"\udc00\ud83c"'),
    "is no text": { stringify: JSON.stringify, parse: JSON.parse },
  };

  test.each(Object.entries(broken))(
    "%s has the value refused, and nothing is stored",
    async (_, codec) => {
      const { store, sessions } = manager(codec);
      const session = sessions.create();
      // JSON.stringify(undefined) is undefined.
      const error = await expectCode(() => session.set("key", undefined), "VALUE_NOT_SERIALIZABLE");
      expect(error.message).toContain("key");
      await expectCode(() => session.flash("info", undefined), "VALUE_NOT_SERIALIZABLE");
      await session.save();
      expect(store.calls).toEqual([]);
    },
  );

  test.each([1, null, {}, ["text"], Object("text")])(
    "is %p has the value refused",
    async (text) => {
      const codec: Codec = JSON.parse("{}");
      Object.assign(codec, { stringify: () => text, parse: JSON.parse });
      await expectCode(
        () => manager(codec).sessions.create().set("key", 1),
        "VALUE_NOT_SERIALIZABLE",
      );
    },
  );

  test("ends in an exception has the value refused, without that exception, which may quote it", async () => {
    const codec = codecOf(() => {
      throw new RangeError("hunter2 cannot be encoded");
    });
    const session = manager(codec).sessions.create();
    const error = await expectCode(() => session.set("key", 1), "VALUE_NOT_SERIALIZABLE");
    expect(inspect(error)).not.toContain("hunter2");
    expect(error.message).toContain("key");
  });

  test("is bad only after a change in place prevents the save", async () => {
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
  test("has get() reject it without its own error, which may quote it, and the record stays", async () => {
    const { store, sessions } = manager(JSON);
    const { id } = await saved(sessions, { value: [1], other: 2 });
    const codec: Codec = {
      stringify: JSON.stringify,
      parse: (text) => {
        throw new TypeError(`hunter2 is unreadable: ${text}`);
      },
    };
    const before = new Map(store.records);
    const session = await loaded(new SessionManager({ store, codec }), id);
    const error = await expectCode(() => session.get("value"), "RECORD_CORRUPT");
    expect(inspect(error)).not.toContain("hunter2");
    expect(store.records).toEqual(before);
  });

  test("has takeFlash() reject and keep the messages", async () => {
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

  test("does not take for a change what it would only write differently", async () => {
    const { store, sessions } = manager(spaced);
    const { id } = await saved(sessions, { list: [1, 2] });
    const session = await loaded(new SessionManager({ store, codec: JSON }), id);
    session.get("list");
    store.counts();
    await session.save();
    expect(store.counts()).toEqual({});
  });

  test("still notices a change", async () => {
    const { store, sessions } = manager(spaced);
    const { id } = await saved(sessions, { list: [1, 2] });
    const session = await loaded(new SessionManager({ store, codec: JSON }), id);
    session.get("list").push(3);
    await session.save();
    expect(await stored(sessions, id)).toEqual({ list: [1, 2, 3] });
  });
});
