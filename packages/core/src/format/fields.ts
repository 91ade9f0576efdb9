import { SessionError } from "../errors.ts";
import type { Edits } from "../state/edits.ts";

/** Up to so many changed values are searched for, more are looked up. */
const SEARCHES = 8;

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
  static readonly none = new Fields("\n");

  /** The lines, with a line feed before the first. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The encoded value under `key`. */
  value(key: string): string | undefined {
    const head = headOf(key);
    const start = this.text.indexOf(`\n${head}`) + 1;
    if (start === 0) return undefined;
    return this.text.slice(start + head.length, this.text.indexOf("\n", start));
  }

  keys(): string[] {
    return this.#lines('"').map(keyOf);
  }

  /** The encoded messages of one kind, oldest first. */
  messages(kind: string): string[] {
    const head = messageHead(kind);
    return this.#lines(head).map((line) => line.slice(head.length));
  }

  with({ clear, taken, values, messages }: Edits): Fields {
    let lines = this.#lines(clear ? "!" : "");
    for (const kind of new Set(taken.map((message) => message.kind))) {
      lines = lines.filter((line) => !line.startsWith(messageHead(kind)));
    }
    const index = values.size > SEARCHES ? indexOf(lines) : undefined;
    for (const [key, { text }] of values) {
      const head = headOf(key);
      const at = index ? index.get(head) : lines.findIndex((line) => line.startsWith(head));
      lines[at === undefined || at < 0 ? lines.length : at] = text === undefined ? "" : head + text;
    }
    for (const { kind, text } of messages) lines.push(messageHead(kind) + text);
    return new Fields(["", ...lines.filter(Boolean), ""].join("\n"));
  }

  #lines(start: string): string[] {
    return this.text.split("\n").filter((line) => line !== "" && line.startsWith(start));
  }
}

function indexOf(lines: readonly string[]): Map<string, number> {
  return new Map(lines.map((line, at) => [line.slice(0, line.indexOf("\t") + 1), at]));
}

function headOf(key: string): string {
  return `${JSON.stringify(key)}\t`;
}

function messageHead(kind: string): string {
  return `!${headOf(kind)}`;
}

function keyOf(line: string): string {
  try {
    return String(JSON.parse(line.slice(0, line.indexOf("\t"))));
  } catch {
    throw new SessionError("RECORD_CORRUPT", "A stored value cannot be decoded.");
  }
}
