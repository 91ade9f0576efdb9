import { SessionError } from "../errors.ts";
import type { Edits } from "../state/edits.ts";

/** Beyond so many look-ups or changed values, one walk over the lines is cheaper than searches. */
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
  #index: Map<string, string> | undefined;
  #searches = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The encoded value under `key`. */
  value(key: string): string | undefined {
    const head = headOf(key);
    this.#searches += 1;
    if (this.#searches > SEARCHES) this.#index ??= indexOf(this.text);
    if (this.#index !== undefined) return this.#index.get(head);
    const [start, end] = locate(this.text, head);
    return start < 0 ? undefined : this.text.slice(start + head.length, end - 1);
  }

  keys(): string[] {
    return [...indexOf(this.text).keys()].map(keyOf);
  }

  /** The encoded messages of one kind, oldest first. */
  messages(kind: string): string[] {
    const head = messageHead(kind);
    if (locate(this.text, head)[0] < 0) return [];
    const found = this.text.split("\n").filter((line) => line.startsWith(head));
    return found.map((line) => line.slice(head.length));
  }

  with({ clear, taken, values, messages }: Edits): Fields {
    let { text } = this;
    if (clear !== undefined) text = without(text, isValue);
    if (taken.length > 0) {
      const heads = taken.map(({ kind }) => messageHead(kind));
      text = without(text, (line) => heads.some((head) => line.startsWith(head)));
    }
    const edits = Array.from(values, ([key, edit]) => [headOf(key), edit.text] as const);
    text = values.size > SEARCHES ? rebuilt(text, edits) : edits.reduce(spliced, text);
    return new Fields(
      messages.reduce((lines, each) => `${lines}${messageHead(each.kind)}${each.text}\n`, text),
    );
  }
}

/** A line's head and its new body; without a body the line goes. */
type LineEdit = readonly [head: string, body: string | undefined];

function spliced(text: string, [head, body]: LineEdit): string {
  const line = body === undefined ? "" : `${head}${body}\n`;
  const [start, end] = locate(text, head);
  return start < 0 ? text + line : text.slice(0, start) + line + text.slice(end);
}

function rebuilt(text: string, edits: readonly LineEdit[]): string {
  const index = indexOf(text);
  for (const [head, body] of edits) {
    if (body === undefined) index.delete(head);
    else index.set(head, body);
  }
  const lines = Array.from(index, ([head, body]) => `${head}${body}\n`);
  return without(text, isValue) + lines.join("");
}

/** The lines of values, by head. */
function indexOf(text: string): Map<string, string> {
  const lines = text.split("\n").filter(isValue);
  return new Map(lines.map((line) => split(line, line.indexOf("\t") + 1)));
}

function split(line: string, at: number): [string, string] {
  return [line.slice(0, at), line.slice(at)];
}

/** Where the line under `head` begins and where the next one does; -1 where there is none. */
function locate(text: string, head: string): [start: number, end: number] {
  const before = text.indexOf(`\n${head}`);
  return before < 0 ? [-1, -1] : [before + 1, text.indexOf("\n", before + 1) + 1];
}

function without(text: string, unwanted: (line: string) => boolean): string {
  const kept = text.split("\n").filter((line) => !unwanted(line));
  return kept.join("\n");
}

function isValue(line: string): boolean {
  return line.startsWith('"');
}

function headOf(key: string): string {
  return `${JSON.stringify(key)}\t`;
}

function messageHead(kind: string): string {
  return `!${headOf(kind)}`;
}

function keyOf(head: string): string {
  try {
    return String(JSON.parse(head));
  } catch {
    throw new SessionError("RECORD_CORRUPT", "A key of a stored session cannot be read.");
  }
}
