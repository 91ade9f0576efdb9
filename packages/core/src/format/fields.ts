import { corrupt } from "../errors.ts";
import type { Edits } from "../state/edits.ts";

/** Up to so many changed values are searched for, more are looked up. */
const SEARCHES = 8;

/** Where a line is, with its line feed. */
interface Line {
  readonly at: number;
  readonly end: number;
}

/** A line that goes, and what comes in its place. */
interface Cut extends Line {
  readonly line?: string;
}

/**
 * The values and flash messages of a session as encoded text, one line for each:
 *
 *     "key"<TAB>encoded value<LF>
 *     !"kind"<TAB>encoded message<LF>
 *
 * Neither a key nor an encoding holds a raw line feed or tab, so a line is found by searching its
 * head after a line feed. Reading a value costs a search, changing one copies the rest as it is:
 * nothing else is decoded. Immutable.
 */
export class Fields {
  static readonly none = new Fields("");

  readonly #text: string;
  /** Of the first line, which follows a line feed: they are searched where they stand. */
  readonly #start: number;

  constructor(text: string, start = 0) {
    this.#text = text;
    this.#start = start;
  }

  /** The encoded value under `key`. */
  value(key: string): string | undefined {
    const head = headOf(key);
    const at = this.#find(head);
    return at > 0 ? this.#text.slice(at + head.length, this.#endOf(at) - 1) : undefined;
  }

  keys(): string[] {
    try {
      return this.#lines('"').map(({ at }) => JSON.parse(this.#head(at)));
    } catch {
      throw corrupt("it was altered or cut");
    }
  }

  /** The encoded messages of one kind, oldest first. */
  messages(kind: string): string[] {
    const head = messageHead(kind);
    return this.#lines(head).map(({ at, end }) => this.#text.slice(at + head.length, end - 1));
  }

  /** The lines with `edits` laid over them. */
  with({ cleared, taken, values, messages }: Edits): string {
    let cuts: Cut[] = cleared ? this.#lines('"') : [];
    for (const kind of new Set(taken.map((message) => message.kind))) {
      cuts = cuts.concat(this.#lines(messageHead(kind)));
    }
    const index = values.size > SEARCHES ? this.#index() : undefined;
    let added = "";
    for (const [key, { text }] of values) {
      const head = headOf(key);
      const line = text === undefined ? "" : `${head}${text}\n`;
      const at = index ? index.get(head) : this.#find(head);
      if (at && !cleared) cuts.push({ at, end: this.#endOf(at), line });
      else added += line;
    }
    for (const { kind, text } of messages) added += `${messageHead(kind)}${text}\n`;
    let next = "";
    let from = this.#start;
    for (const { at, end, line = "" } of cuts.sort((one, other) => one.at - other.at)) {
      next += this.#text.slice(from, at) + line;
      from = end;
    }
    return next + this.#text.slice(from) + added;
  }

  /** Where the line with this head starts; 0, where none can, for nowhere. */
  #find(head: string, from = this.#start - 1): number {
    return this.#text.indexOf(`\n${head}`, from) + 1;
  }

  /** All that start so. */
  #lines(start: string): Line[] {
    const lines: Line[] = [];
    for (let at = this.#find(start); at > 0; ) {
      const end = this.#endOf(at);
      lines.push({ at, end });
      at = this.#find(start, end - 1);
    }
    return lines;
  }

  #endOf(at: number): number {
    return this.#text.indexOf("\n", at) + 1;
  }

  #head(at: number): string {
    return this.#text.slice(at, this.#text.indexOf("\t", at) + 1);
  }

  /** Where the line of each value starts, by its head. */
  #index(): Map<string, number> {
    return new Map(this.#lines('"').map(({ at }) => [this.#head(at), at]));
  }
}

function headOf(key: string): string {
  return `${JSON.stringify(key)}\t`;
}

function messageHead(kind: string): string {
  return `!${headOf(kind)}`;
}
