import path from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  type AnySession,
  type Codec,
  type Lifetime,
  type Lookup,
  looseJson,
  type RegenerateOptions,
  type Session,
  SessionError,
  type SessionErrorCode,
  SessionManager,
  type SessionManagerOptions,
  type SessionRecord,
  type SessionSummary,
  type Store,
} from "@sess/core";
import ts from "typescript";

interface Values {
  alias: string;
  views: number;
  cart?: string[];
  nothing: null;
}
type Messages = { info: string; error: { code: number } };

declare const sessions: SessionManager<Values, Messages>;
declare const session: Session<Values, Messages>;
declare const summary: SessionSummary<Values>;
declare const store: Store;

/** Compiled, never called. A case holds if the compiler finds no error in it. */
const cases: Record<string, () => unknown> = {
  "a value has its key's type, and may be missing": () => {
    const alias: string | undefined = session.get("alias");
    const cart: string[] | undefined = session.pop("cart");
    // @ts-expect-error: it may be missing.
    const certain: string = session.get("alias");
    // @ts-expect-error: it is a text.
    const views: number | undefined = session.get("alias");
    return [alias, cart, certain, views];
  },
  "set() takes values of the key's type": () => {
    session.set("alias", "GoTamer");
    session.set("cart", []);
    session.set("nothing", null);
    // @ts-expect-error: not a number.
    session.set("views", "many");
    // @ts-expect-error: not a list of numbers.
    session.set("cart", [1]);
    // @ts-expect-error: undefined is not a value; delete() removes one.
    session.set("cart", undefined);
    // @ts-expect-error: a value is needed.
    session.set("alias");
  },
  "a key that the type does not name is refused": () => {
    // @ts-expect-error: misspelt.
    session.get("vews");
    // @ts-expect-error: misspelt.
    session.set("vews", 1);
    // @ts-expect-error: misspelt.
    session.has("vews");
    // @ts-expect-error: misspelt.
    session.delete("vews");
    // @ts-expect-error: misspelt.
    session.pop("vews");
    // @ts-expect-error: a message, not a value.
    session.get("info");
  },
  "keys() returns the keys of the type": () => {
    const keys: ("alias" | "views" | "cart" | "nothing")[] = session.keys();
    // @ts-expect-error: there are others.
    const fewer: "alias"[] = session.keys();
    return [keys, fewer];
  },
  "a message has the type of its kind": async () => {
    session.flash("info", "hello");
    session.flash("error", { code: 1 });
    const infos: string[] = await session.takeFlash("info");
    const [error]: { code: number }[] = await session.takeFlash("error");
    // @ts-expect-error: not a text.
    session.flash("info", 1);
    // @ts-expect-error: no such kind.
    session.flash("warning", "hello");
    // @ts-expect-error: no such kind.
    await session.takeFlash("warning");
    // @ts-expect-error: not numbers.
    const numbers: number[] = await session.takeFlash("info");
    return [infos, error, numbers];
  },
  "what describes a session is read-only, except its owner": () => {
    // @ts-expect-error: changes with regenerate() alone.
    session.id = "mine";
    // @ts-expect-error: follows from the id.
    session.handle = "~";
    // @ts-expect-error: told by the store.
    session.isNew = false;
    // @ts-expect-error: given at creation.
    session.createdAt = new Date();
    // @ts-expect-error: follows from the lifetime.
    session.expiresAt = new Date();
    // @ts-expect-error: told by destroy().
    session.isDestroyed = true;
    // @ts-expect-error: follows from the changes.
    session.hasUnsavedChanges = false;
    // @ts-expect-error: follows from the changes.
    session.needsSave = false;
    // @ts-expect-error: changes with regenerate().
    session.lifetime = { idleTimeout: 1, absoluteTimeout: 1 };
    // @ts-expect-error: follows from the lifetime.
    session.hasOwnLifetime = true;
    // @ts-expect-error: no property of ours.
    session.user = 1;
    // @ts-expect-error: a text.
    session.owner = 7;
    session.owner = undefined;
    session.owner = "me";
  },
  "a manager returns sessions of its type": async () => {
    const created: Session<Values, Messages> = sessions.create({ idleTimeout: 1 });
    const opened: Session<Values, Messages> = await sessions.open(null);
    const found: Session<Values, Messages> | undefined = await sessions.load(undefined);
    await sessions.update("id", (fresh) => fresh.set("views", (fresh.get("views") ?? 0) + 1));
    // @ts-expect-error: it may be missing.
    const certain: Session<Values, Messages> = await sessions.load("id");
    // @ts-expect-error: sessions of other values.
    const other: Session<{ alias: number }, Messages> = created;
    // @ts-expect-error: not the key's type.
    await sessions.update("id", (fresh) => fresh.set("views", "many"));
    return [created, opened, found, certain, other];
  },
  "what a session tells has these types": () => {
    const flags: boolean[] = [
      session.isNew,
      session.isDestroyed,
      session.hasUnsavedChanges,
      session.needsSave,
      session.hasOwnLifetime,
    ];
    const lifetime: Required<Lifetime> = session.lifetime;
    const { idleTimeout, absoluteTimeout }: { idleTimeout: number; absoluteTimeout: number } =
      lifetime;
    return [flags, idleTimeout, absoluteTimeout];
  },
  "a helper may take a session of any values": async () => {
    const signOut = async (any: AnySession) => {
      any.owner = undefined;
      any.flash("info", "Bye.");
      await any.save();
      return any.get("whatever");
    };
    await signOut(session);
    await signOut(sessions.create());
    await signOut(new SessionManager({ store }).create());
    // @ts-expect-error: no session.
    await signOut({ id: "a", handle: "~a" });
  },
  "session.update() passes a session of the same type, and resolves to nothing": async () => {
    const updated: Promise<void> = session.update((fresh: Session<Values, Messages>) => {
      fresh.set("views", (fresh.get("views") ?? 0) + 1);
    });
    await session.update(async (fresh) => void (await fresh.takeFlash("info")));
    // @ts-expect-error: not the key's type.
    await session.update((fresh) => fresh.set("views", "many"));
    // @ts-expect-error: a function is needed.
    await session.update();
    // @ts-expect-error: its result would be lost.
    await session.update((fresh) => fresh.get("views"));
    return updated;
  },
  "lookup() is told apart by its status": async () => {
    const found: Lookup<Session<Values, Messages>> = await sessions.lookup("id");
    if (found.status === "live") return found.session.get("views")?.toFixed();
    if (found.status === "moved") return found.movedAt.getTime();
    const unknown: "unknown" = found.status;
    // @ts-expect-error: nothing was found.
    return [unknown, found.session];
  },
  "a callback is no argument": async () => {
    // @ts-expect-error: it returns a promise.
    await session.save(() => {});
    // @ts-expect-error: it returns a promise.
    await session.destroy(() => {});
    // @ts-expect-error: it returns a promise.
    await session.reload(() => {});
    // @ts-expect-error: it returns a promise.
    await session.regenerate(() => {});
    // @ts-expect-error: it returns a promise.
    await sessions.load("id", () => {});
    // @ts-expect-error: it returns a promise.
    await sessions.destroy("id", () => {});
    // @ts-expect-error: it returns a promise.
    await sessions.close(() => {});
  },
  "a timeout goes back to the manager's with null, in regenerate() alone": async () => {
    const options: RegenerateOptions = { restart: true, idleTimeout: null, absoluteTimeout: 1 };
    await session.regenerate(options);
    // @ts-expect-error: there is nothing to go back from.
    sessions.create({ idleTimeout: null });
    // @ts-expect-error: there is nothing to go back to.
    new SessionManager({ store, idleTimeout: null });
  },
  "an id, a handle and an owner are strings": async () => {
    // @ts-expect-error: not a text.
    await sessions.load(7);
    // @ts-expect-error: not a text.
    await sessions.destroy({});
    // @ts-expect-error: the handle is needed.
    await sessions.revoke();
    // @ts-expect-error: the owner is needed.
    await sessions.revokeAll();
  },
  "a summary has typed values and no id": async () => {
    for await (const each of sessions.list("me")) {
      const alias: string | undefined = each.get("alias");
      // @ts-expect-error: misspelt.
      each.get("als");
      // @ts-expect-error: an id would be usable.
      each.id;
      // @ts-expect-error: only shown.
      each.set("alias", alias);
    }
    return summary.get("views")?.toFixed();
  },
  "without types, any key may hold anything": async () => {
    const untyped = new SessionManager({ store });
    const any = untyped.create();
    any.set("whatever", { deep: [1] });
    any.get("whatever").deep.push(2);
    any.flash("kind", "message");
    const [message] = await any.takeFlash("kind");
    return message.length;
  },
  "options are checked by name and type": () => {
    const options: SessionManagerOptions = {
      store,
      idleTimeout: 1,
      encrypt: "migrate",
      codec: JSON,
    };
    new SessionManager({ store, encrypt: "unseal", reads: JSON });
    new SessionManager({ store, codec: looseJson });
    // @ts-expect-error: half a codec.
    new SessionManager({ store, reads: { parse: JSON.parse } });
    // @ts-expect-error: a store is needed.
    new SessionManager({});
    // @ts-expect-error: misspelt.
    new SessionManager({ store, idleTimeOut: 1 });
    // @ts-expect-error: not a number.
    new SessionManager({ store, touchAfter: "1m" });
    // @ts-expect-error: neither a boolean nor "migrate" or "unseal".
    new SessionManager({ store, encrypt: "yes" });
    // @ts-expect-error: half a codec.
    new SessionManager({ store, codec: { stringify: JSON.stringify } });
    // @ts-expect-error: half a store.
    new SessionManager({ store: { load: store.load } });
    return options;
  },
  "an option may be left out, but not undefined": async () => {
    // @ts-expect-error: absent instead.
    const lifetime: Lifetime = { idleTimeout: undefined };
    // @ts-expect-error: absent instead.
    new SessionManager({ store, codec: undefined });
    // @ts-expect-error: of an owner, or all.
    sessions.list(undefined);
    // @ts-expect-error: of an owner, or all; a visitor has none.
    sessions.list(session.owner);
    // @ts-expect-error: with an owner, or without.
    await sessions.revoke("~", { owner: undefined });
    // @ts-expect-error: with an exception, or without.
    await sessions.revokeAll("me", { except: undefined });
    // @ts-expect-error: absent instead.
    await session.regenerate({ restart: undefined });
    return lifetime;
  },
  "the owner of a record may be left out, but not undefined, and a record is read-only": () => {
    const record: SessionRecord = { revision: 1, createdAt: 0, expiresAt: 1, data: "" };
    // @ts-expect-error: absent instead.
    const undefinedOwner: SessionRecord = { ...record, owner: undefined };
    // @ts-expect-error: data is needed.
    const empty: SessionRecord = { revision: 1, createdAt: 0, expiresAt: 1 };
    // @ts-expect-error: read only.
    record.revision = 2;
    return [undefinedOwner, empty];
  },
  "a store may lack optional methods, which callers must check for": async () => {
    const least: Store = {
      load: async () => undefined,
      save: async () => true,
      delete: async () => false,
    };
    // @ts-expect-error: it may lack it.
    await least.touch("~", 1);
    // @ts-expect-error: null is not undefined.
    const wrong: Store = { ...least, load: async () => null };
    // @ts-expect-error: a save tells whether it happened.
    const silent: Store = { ...least, save: async () => {} };
    return [wrong, silent];
  },
  "an error has one of the known codes": () => {
    const error = new SessionError("RECORD_CORRUPT", "It is broken.", { cause: 1 });
    const code: SessionErrorCode = error.code;
    // @ts-expect-error: no such code.
    new SessionError("RECORD_BROKEN", "It is broken.");
    // @ts-expect-error: never equal.
    if (error.code === "RECORD_BROKEN") return;
    // @ts-expect-error: read only.
    error.code = "STORE_CLOSED";
    // Koa assigns it; it keeps what follows from the code.
    error.status = 200;
    // @ts-expect-error: follows from the code.
    error.statusCode = 200;
    const statuses: [number, number] = [error.status, error.statusCode];
    const caught: unknown = error;
    return caught instanceof SessionError ? [caught.code, code] : statuses;
  },
  "JSON is a codec, and a codec makes text": () => {
    const codec: Codec = JSON;
    // @ts-expect-error: not text.
    const numbers: Codec = { stringify: () => 1, parse: JSON.parse };
    return [codec, numbers];
  },
  "a session cannot be constructed by users": () => {
    // @ts-expect-error: a type, not a value.
    return new Session();
  },
};

describe("checked by the compiler:", () => {
  let errors: readonly ts.Diagnostic[];
  let ranges: Map<string, ts.TextRange>;

  beforeAll(() => {
    const config = path.join(__dirname, "../tsconfig.json");
    const parsed = ts.getParsedCommandLineOfConfigFile(
      config,
      { noEmit: true },
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: () => {},
      },
    );
    if (parsed === undefined) throw new Error("There is no configuration.");
    const program = ts.createProgram([__filename], parsed.options);
    const source = program.getSourceFile(__filename);
    if (source === undefined) throw new Error("This file is not part of the program.");
    errors = ts.getPreEmitDiagnostics(program, source);
    ranges = rangesIn(source);
  }, 60_000);

  test.each(Object.keys(cases))("%s", (name) => {
    const range = ranges.get(name);
    if (range === undefined) throw new Error("The case was not found in this file.");
    expect(errors.filter((error) => isWithin(error, range)).map(textOf)).toEqual([]);
  });

  test("nothing else is wrong with this file", () => {
    expect(errors.map(textOf)).toEqual([]);
  });
});

/** Where each case stands in this file. */
function rangesIn(source: ts.SourceFile): Map<string, ts.TextRange> {
  const found = new Map<string, ts.TextRange>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) && node.name.text in cases)
      found.set(node.name.text, { pos: node.getStart(), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isWithin({ start = 0 }: ts.Diagnostic, { pos, end }: ts.TextRange): boolean {
  return pos <= start && start < end;
}

function textOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}
