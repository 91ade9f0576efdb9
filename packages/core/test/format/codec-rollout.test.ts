import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Codec, looseJson, SessionManager, type SessionManagerOptions } from "@sess/core";
import { collect, expectCode, SpyStore } from "@sess/test-support";
import * as devalue from "devalue";
import { SpyCodec } from "../support/codecs.ts";
import { loaded, saved, stored } from "../support/sessions.ts";

let store: SpyStore;
beforeEach(() => {
  store = new SpyStore();
});

function manager(options: Partial<SessionManagerOptions> = {}): SessionManager {
  return new SessionManager({ store, sweepInterval: 0, ...options });
}

const VALUES = { alias: "GoTamer", cart: ["tea"], "odd\tkey\n": { "\t": "\t" } };

describe("a custom codec that is introduced later", () => {
  test.each([false, true])(
    "reads the sessions that were saved before it; encrypt: %s",
    async (encrypt) => {
      const session = await saved(manager({ encrypt }), VALUES);
      session.flash("notice", "Saved.");
      await session.save();
      const later = manager({ encrypt, codec: devalue });
      expect(await stored(later, session.id)).toEqual(VALUES);
      const again = await loaded(later, session.id);
      expect(again.get("cart")).toEqual(["tea"]);
      expect(await again.takeFlash("notice")).toEqual(["Saved."]);
    },
  );

  test("writes what is changed, and leaves the rest as it is: it may refuse what is there", async () => {
    const { id } = await saved(manager(), VALUES);
    const codec = new SpyCodec();
    const session = await loaded(manager({ codec }), id);
    session.set("since", 1);
    session.flash("notice", "Saved.");
    await session.save();
    expect(codec.encoded).toEqual([1, "Saved."]);
    expect(codec.decoded).toEqual([]);
    expect(await stored(manager({ codec }), id)).toEqual({ ...VALUES, since: 1 });
  });

  test("takes no session for too large that was not: what it adds to lines of JSON is not counted", async () => {
    const values = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, 1]));
    const { id } = await saved(manager(), { ...values, last: 1 });
    const [record] = store.records.values();
    const maxBytes = Buffer.byteLength(record?.data ?? "");
    const session = await loaded(manager({ codec: JSON, maxBytes }), id);
    session.set("last", 2);
    await session.save();
    expect(await stored(manager({ codec: JSON, maxBytes }), id)).toEqual({ ...values, last: 2 });
    session.set("last", 22);
    await expectCode(session.save(), "DATA_TOO_LARGE");
  });

  test("does not take for a change what was only read", async () => {
    const { id } = await saved(manager(), VALUES);
    const session = await loaded(manager({ codec: devalue }), id);
    session.get("cart");
    store.counts();
    await session.save();
    expect(store.counts()).toEqual({});
  });

  test("notices a change in place of a value from before, and writes that", async () => {
    const { id } = await saved(manager(), VALUES);
    const session = await loaded(manager({ codec: devalue }), id);
    session.get("cart").push(new Date(0));
    await session.save();
    expect(await stored(manager({ codec: devalue }), id)).toEqual({
      ...VALUES,
      cart: ["tea", new Date(0)],
    });
  });

  test("shows what was saved before in summaries", async () => {
    await saved(manager(), VALUES, "ada");
    const [summary] = await collect(manager({ codec: devalue }).list("ada"));
    expect(summary?.get("cart")).toEqual(["tea"]);
  });
});

describe("reads: a codec that is deployed before it writes, and left the same way", () => {
  test("reads its records and writes JSON, which a manager without it reads once all values are", async () => {
    const { id } = await saved(manager({ codec: devalue }), {
      when: new Date(0),
      alias: "GoTamer",
    });
    const session = await loaded(manager({ reads: devalue }), id);
    expect(session.get("when")).toEqual(new Date(0));
    session.set("when", 0);
    await session.save();
    await expectCode(manager().load(id), "RECORD_CORRUPT");
    session.set("alias", "GoTamer");
    await session.save();
    expect(await stored(manager(), id)).toEqual({ when: 0, alias: "GoTamer" });
  });

  test("refuses what JSON would alter, although the codec could carry it", async () => {
    const session = manager({ reads: devalue }).create();
    await expectCode(() => session.set("when", new Date()), "VALUE_NOT_SERIALIZABLE");
    await expectCode(() => session.flash("when", new Date()), "VALUE_NOT_SERIALIZABLE");
  });

  test("creates records of JSON alone", async () => {
    const { id } = await saved(manager({ reads: devalue }), VALUES);
    expect(await stored(manager(), id)).toEqual(VALUES);
  });

  test("can stand beside looseJson, which writes JSON", async () => {
    const { id } = await saved(manager({ codec: devalue }), { when: new Date(0) });
    const back = await loaded(manager({ codec: looseJson, reads: devalue }), id);
    back.set("when", back.get("when"));
    await back.save();
    expect(await stored(manager(), id)).toEqual({ when: "1970-01-01T00:00:00.000Z" });
  });

  test.each([looseJson, undefined])("changes nothing if it is JSON itself: %p", async (reads) => {
    const { id } = await saved(manager(), VALUES);
    const same = manager(reads === undefined ? {} : { reads });
    expect(await stored(same, id)).toEqual(VALUES);
    await expectCode(() => same.create().set("when", new Date()), "VALUE_NOT_SERIALIZABLE");
  });
});

describe("a record that does not match says which option differs, and what to set:", () => {
  const cases: readonly [
    what: string,
    written: Partial<SessionManagerOptions>,
    read: Partial<SessionManagerOptions>,
    message: string,
  ][] = [
    [
      "a custom codec's, without one",
      { codec: devalue },
      {},
      "it was saved with a custom codec, and this manager has none; pass the same codec, or as `reads`",
    ],
    [
      "a custom codec's, with looseJson",
      { codec: devalue },
      { codec: looseJson },
      "it was saved with a custom codec, and this manager has none; pass the same codec, or as `reads`",
    ],
    [
      "a sealed one, without encrypt",
      { encrypt: true },
      {},
      'it is sealed, and this manager has encrypt: false; pass encrypt: true, or "unseal" to go back to plain records',
    ],
    [
      "a plain one, with encrypt",
      {},
      { encrypt: true },
      'it is not sealed, and this manager has encrypt: true; pass encrypt: "migrate" until all records are sealed',
    ],
  ];

  test.each(cases)("%s", async (_, written, read, message) => {
    const { id } = await saved(manager(written), { a: 1 });
    const before = new Map(store.records);
    const error = await expectCode(manager(read).load(id), "RECORD_CORRUPT");
    expect(error.message).toBe(`A stored session cannot be read: ${message}.`);
    expect(store.records).toEqual(before);
  });

  test("another custom codec's cannot be told, and is refused where it cannot be decoded", async () => {
    const { id } = await saved(manager({ codec: devalue }), { a: { b: 1 } });
    const other: Codec = {
      stringify: () => "x",
      parse: () => {
        throw new SyntaxError("hunter2");
      },
    };
    const session = await loaded(manager({ codec: other }), id);
    const error = await expectCode(() => session.get("a"), "RECORD_CORRUPT");
    expect(error.message).not.toContain("hunter2");
  });
});
