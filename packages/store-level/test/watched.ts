import type { LevelDatabase } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import type { Change } from "../src/database.ts";
import { scratch } from "./scratch.ts";

export interface Watched {
  /** The database, open. What is done to it goes past the store. */
  readonly raw: ClassicLevel;
  /** The same, to be given to a store. */
  readonly db: LevelDatabase;
  /** The batches that were written through `db`: of how many changes, and whether synced. */
  readonly batches: { changes: number; sync: boolean }[];
  /** How many of them were handed over in one piece. */
  whole: number;
  /** How often space was given back. */
  compactions: number;
}

/** A database whose batches are counted on their way to LevelDB. */
export async function watched(): Promise<Watched> {
  const raw = new ClassicLevel(scratch());
  await raw.open();
  const batches: Watched["batches"] = [];

  function batch(changes?: Change[], options = { sync: false }) {
    if (changes !== undefined) {
      batches.push({ changes: changes.length, sync: options.sync });
      watching.whole += 1;
      return raw.batch(changes, options);
    }
    const inner = raw.batch();
    return {
      put: inner.put.bind(inner),
      del: inner.del.bind(inner),
      write(options: { sync: boolean }) {
        batches.push({ changes: inner.length, sync: options.sync });
        return inner.write(options);
      },
    };
  }

  const get = (target: ClassicLevel, name: string | symbol): unknown => {
    if (name === "batch") return batch;
    if (name === "compactRange") watching.compactions += 1;
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === "function" ? value.bind(target) : value;
  };
  const watching = { raw, db: new Proxy(raw, { get }), batches, whole: 0, compactions: 0 };
  return watching;
}

/** Every key that starts with `letter`: `r` records, `x` expiry entries, `o` owner entries. */
export function keysOf(raw: ClassicLevel, letter: "r" | "x" | "o"): Promise<string[]> {
  return raw.keys({ gte: letter, lt: String.fromCharCode(letter.charCodeAt(0) + 1) }).all();
}

/** Changes one character of a stored record, behind the store's back. */
export async function damage(raw: ClassicLevel, key: string): Promise<void> {
  const text = (await raw.get(`r${key}`)) ?? "";
  const last = text.endsWith("!") ? "?" : "!";
  await raw.put(`r${key}`, text.slice(0, -1) + last);
}
