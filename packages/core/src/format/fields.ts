import { corrupt } from "../errors.ts";
import type { Edits } from "../state/edits.ts";
import { headOf, messageHead } from "./head.ts";

/** Up to so many changed values are searched for, more are looked up. */
const SEARCHES = 8;

/** Where a line is, with the line feed before it. */
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
  static readonly none = new Fields("\n", 0);

  readonly #text: string;
  /** Of the line feed before the first line: they are searched where they stand. */
  readonly #start: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
  }

  /** The encoded value under `key`. */
  value(key: string): string | undefined {
    const head = headOf(key);
    const at = this.#text.indexOf(head, this.#start);
    return at < 0 ? undefined : this.#text.slice(at + head.length, this.#endOf(at));
  }

  keys(): string[] {
    try {
      return this.#heads().map(([head]) => JSON.parse(head));
    } catch {
      throw corrupt("it was altered or cut");
    }
  }

  /** The encoded messages of one kind, oldest first. */
  messages(kind: string): string[] {
    const head = messageHead(kind);
    return this.#lines(head).map(({ at, end }) => this.#text.slice(at + head.length, end));
  }

  /** The lines with `edits` laid over them, with the line feed before the first. */
  with({ cleared, taken, values, messages }: Edits): string {
    let cuts: Cut[] = cleared ? this.#lines('\n"') : [];
    for (const kind of new Set(taken.map((message) => message.kind))) {
      cuts = cuts.concat(this.#lines(messageHead(kind)));
    }
    const index = values.length > SEARCHES ? new Map(this.#heads()) : undefined;
    let added = "";
    for (const { key, text } of values) {
      const head = headOf(key);
      const line = text === undefined ? "" : head + text;
      const at = index ? (index.get(head) ?? -1) : this.#text.indexOf(head, this.#start);
      if (at >= 0 && !cleared) cuts.push({ at, end: this.#endOf(at), line });
      else added += line;
    }
    for (const { kind, text } of messages) added += messageHead(kind) + text;
    let next = "";
    let from = this.#start;
    for (const { at, end, line = "" } of cuts.sort((one, other) => one.at - other.at)) {
      next += this.#text.slice(from, at) + line;
      from = end;
    }
    return `${next + this.#text.slice(from, -1) + added}\n`;
  }

  /** All that start so. */
  #lines(start: string): Line[] {
    const lines: Line[] = [];
    let at = this.#text.indexOf(start, this.#start);
    while (at >= 0) {
      const end = this.#endOf(at);
      lines.push({ at, end });
      at = this.#text.indexOf(start, end);
    }
    return lines;
  }

  /** Where the next line starts. */
  #endOf(at: number): number {
    return this.#text.indexOf("\n", at + 1);
  }

  /** Of the line of each value, and where it starts. */
  #heads(): [head: string, at: number][] {
    const headAt = (at: number) => this.#text.slice(at, this.#text.indexOf("\t", at) + 1);
    return this.#lines('\n"').map(({ at }) => [headAt(at), at]);
  }
}
