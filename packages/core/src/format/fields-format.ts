import { recordCorrupt } from "../contract/errors.ts";
import type { Edits, Message } from "./edits.ts";
import { LinePrefixes } from "./line-prefixes.ts";

/**
 * A session's values and flash messages as text, one line each, with a line feed before the first:
 *
 *     "key"<TAB>encoded value<LF>
 *     !"kind"<TAB>encoded message<LF>
 *
 * Neither a key nor an encoding contains a raw line feed or tab, so a line is found by searching for its
 * prefix. Reading a value costs one search; changing one copies the rest as it is. Nothing else is
 * decoded.
 */
export type Fields = string;

export const NO_FIELDS: Fields = "\n";

/** Up to this many changed values are searched for one by one; for more, all lines are indexed first. */
const MOST_SEARCHES = 8;

/** Where a line is, from the line feed before it to the one that ends it. */
interface Line {
  readonly start: number;
  readonly end: number;
}

interface Replacement extends Line {
  readonly text: string;
}

/** Reads and edits fields as text. */
export class FieldsFormat {
  readonly #prefixes = new LinePrefixes();

  /** The encoded value under `key`. */
  valueIn(fields: Fields, key: string): string | undefined {
    const prefix = this.#prefixes.ofValue(key);
    const start = fields.indexOf(prefix);
    return start < 0 ? undefined : fields.slice(start + prefix.length, lineEnd(fields, start));
  }

  /** @throws RECORD_CORRUPT if a line has no readable key. */
  keysIn(fields: Fields): string[] {
    try {
      return valueLinesIn(fields).map(({ prefix }) => JSON.parse(prefix));
    } catch {
      throw recordCorrupt("it was altered or cut");
    }
  }

  /** The encoded messages of one kind, oldest first. */
  messagesIn(fields: Fields, kind: string): Message[] {
    const prefix = this.#prefixes.ofMessage(kind);
    return linesIn(fields, prefix).map(({ start, end }) => ({
      kind,
      text: fields.slice(start + prefix.length, end),
    }));
  }

  /** `fields` with `edits` applied. */
  apply(fields: Fields, edits: Edits): Fields {
    const replacements = this.#removals(fields, edits);
    const find = finderIn(fields, edits.values.length);
    let appended = "";
    for (const { key, text } of edits.values) {
      const prefix = this.#prefixes.ofValue(key);
      const line = text === undefined ? "" : prefix + text;
      const start = edits.clearsValues ? -1 : find(prefix);
      if (start < 0) appended += line;
      else replacements.push({ start, end: lineEnd(fields, start), text: line });
    }
    for (const { kind, text } of edits.addedMessages) {
      appended += this.#prefixes.ofMessage(kind) + text;
    }
    return replaced(fields, replacements, appended);
  }

  #removals(fields: Fields, { clearsValues, removedKinds }: Edits): Replacement[] {
    const lines = clearsValues ? linesIn(fields, '\n"') : [];
    for (const kind of removedKinds) lines.push(...linesIn(fields, this.#prefixes.ofMessage(kind)));
    return lines.map(({ start, end }) => ({ start, end, text: "" }));
  }
}

/** Returns what finds a value's line by its prefix: where it starts, or -1. */
function finderIn(fields: Fields, searches: number): (prefix: string) => number {
  if (searches <= MOST_SEARCHES) return (prefix) => fields.indexOf(prefix);
  const starts = new Map(valueLinesIn(fields).map(({ prefix, start }) => [prefix, start]));
  return (prefix) => starts.get(prefix) ?? -1;
}

/** Copies what lies between the replacements, and appends new lines at the end. */
function replaced(fields: Fields, replacements: Replacement[], appended: string): Fields {
  let result = "";
  let copied = 0;
  for (const { start, end, text } of replacements.sort((a, b) => a.start - b.start)) {
    result += fields.slice(copied, start) + text;
    copied = end;
  }
  return `${result}${fields.slice(copied, -1)}${appended}\n`;
}

/** All lines that begin with `prefix`. */
function linesIn(fields: Fields, prefix: string): Line[] {
  const lines: Line[] = [];
  let start = fields.indexOf(prefix);
  while (start >= 0) {
    const end = lineEnd(fields, start);
    lines.push({ start, end });
    start = fields.indexOf(prefix, end);
  }
  return lines;
}

/** Every value line: its prefix and where it starts. */
function valueLinesIn(fields: Fields): { prefix: string; start: number }[] {
  return linesIn(fields, '\n"').map(({ start }) => ({
    prefix: fields.slice(start, fields.indexOf("\t", start) + 1),
    start,
  }));
}

/** Where the line that starts at `start` ends and the next one starts. */
function lineEnd(fields: Fields, start: number): number {
  return fields.indexOf("\n", start + 1);
}
