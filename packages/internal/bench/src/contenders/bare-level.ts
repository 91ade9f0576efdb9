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
  const writer = new BatchWriter(db);
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
      await writer.put(id, template.textOf(index, 1));
      return id;
    },
    create: async (index) => {
      const id = newId();
      await writer.put(id, template.textOf(index));
      return id;
    },
    strangerToken: newId,
    close: () => db.close(),
  };
}

const BATCH_SIZE = 64;

interface WaitingPut {
  readonly operation: { readonly type: "put"; readonly key: string; readonly value: string };
  resolve(): void;
  reject(error: unknown): void;
}

/** Writes what is put at the same time in synced batches. */
class BatchWriter {
  readonly #db: ClassicLevel<string, string>;
  #waiting: WaitingPut[] = [];

  constructor(db: ClassicLevel<string, string>) {
    this.#db = db;
  }

  put(key: string, value: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation: { type: "put", key, value }, resolve, reject });
      if (this.#waiting.length === BATCH_SIZE) this.#write();
      // Where fewer are put at the same time, no batch becomes full.
      else if (this.#waiting.length === 1) setImmediate(() => this.#write());
    });
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    try {
      await this.#db.batch(
        batch.map(({ operation }) => operation),
        { sync: true },
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
