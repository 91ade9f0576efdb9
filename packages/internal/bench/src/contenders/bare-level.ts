import { setImmediate } from "node:timers/promises";
import type { ClassicLevel } from "classic-level";
import { type Accesses, newId } from "../accesses/accesses.ts";
import { Template } from "../accesses/session-values.ts";
import type { Contender } from "./contender.ts";

export const BARE_LEVEL = {
  "level-bare": {
    title: "bare classic-level: getSync, synced batches of 64",
    lacks: ["no session at all: a limit", "parses nothing", "writes without reading"],
    open: async ({ size, directory }) => {
      const { ClassicLevel } = await import("classic-level");
      const db = new ClassicLevel<string, string>(directory);
      await db.open();
      return accessesTo(db, new Template(size));
    },
  },
} satisfies Record<string, Contender>;

/** Texts in and out of LevelDB, with nothing encoded and nothing parsed: the limit of the engine. */
function accessesTo(db: ClassicLevel<string, string>, template: Template): Accesses {
  const put = batchedPut(db);
  return {
    read: async (id) => {
      const text = db.getSync(id);
      return text === undefined ? undefined : template.fingerprintOf(text);
    },
    readAll: async (id) => {
      const text = db.getSync(id);
      return text === undefined ? undefined : JSON.parse(text);
    },
    change: async (id, index) => {
      await put(id, template.textOf(index, 1));
      return id;
    },
    create: async (index) => {
      const id = newId();
      await put(id, template.textOf(index));
      return id;
    },
    strangerToken: newId,
    close: () => db.close(),
  };
}

/** Writes what is put in the same tick in one synced batch. */
function batchedPut(db: ClassicLevel<string, string>) {
  let puts: { type: "put"; key: string; value: string }[] = [];
  let written: Promise<void> | undefined;
  const write = () => {
    const batch = puts;
    puts = [];
    written = undefined;
    return db.batch(batch, { sync: true });
  };
  return (key: string, value: string): Promise<void> => {
    puts.push({ type: "put", key, value });
    written ??= setImmediate().then(write);
    return written;
  };
}
