import { recordCorrupt } from "../contract/errors.ts";
import type { Edits, Message } from "../state/edits.ts";
import { headOf, messageHead } from "./head.ts";

/**
 * The values and flash messages of a session as encoded text, one line for each, with a line feed
 * before the first:
 *
 *     "key"<TAB>encoded value<LF>
 *     !"kind"<TAB>encoded message<LF>
 *
 * Neither a key nor an encoding holds a raw line feed or tab, so a line is found by searching its
 * head after a line feed. Reading a value costs a search, changing one copies the rest as it is:
 * nothing else is decoded.
 */
export type Fields = string;

export const NO_FIELDS: Fields = "\n";

/** Up to so many changed values are searched for, more are looked up. */
const SEARCHES = 8;

/** Where a line is, with the line feed before it, and what comes in its place. */
interface Cut {
  readonly at: number;
  readonly end: number;
  readonly line: string;
}

/** The encoded value under `key`. */
export function valueIn(fields: Fields, key: string): string | undefined {
  const head = headOf(key);
  const at = fields.indexOf(head);
  return at < 0 ? undefined : fields.slice(at + head.length, endOf(fields, at));
}

export function keysIn(fields: Fields): string[] {
  try {
    return headsIn(fields).map(([head]) => JSON.parse(head));
  } catch {
    throw recordCorrupt("it was altered or cut");
  }
}

/** The encoded messages of one kind, oldest first. */
export function messagesIn(fields: Fields, kind: string): Message[] {
  const head = messageHead(kind);
  return linesIn(fields, head).map(({ at, end }) => ({
    kind,
    text: fields.slice(at + head.length, end),
  }));
}

/** `fields` with `edits` laid over them. */
export function edited(fields: Fields, { cleared, values, messages, taken }: Edits): Fields {
  let cuts = cleared ? linesIn(fields, '\n"') : [];
  for (const kind of new Set(taken.map((message) => message.kind))) {
    cuts = cuts.concat(linesIn(fields, messageHead(kind)));
  }
  const index = values.length > SEARCHES ? new Map(headsIn(fields)) : undefined;
  let added = "";
  for (const { key, text } of values) {
    const head = headOf(key);
    const line = text === undefined ? "" : head + text;
    const at = index ? (index.get(head) ?? -1) : fields.indexOf(head);
    if (at >= 0 && !cleared) cuts.push({ at, end: endOf(fields, at), line });
    else added += line;
  }
  for (const { kind, text } of messages) added += messageHead(kind) + text;
  let next = "";
  let from = 0;
  for (const { at, end, line } of cuts.sort((one, other) => one.at - other.at)) {
    next += fields.slice(from, at) + line;
    from = end;
  }
  return `${next + fields.slice(from, -1) + added}\n`;
}

/** All lines that start so, to be cut. */
function linesIn(fields: Fields, start: string): Cut[] {
  const lines: Cut[] = [];
  let at = fields.indexOf(start);
  while (at >= 0) {
    const end = endOf(fields, at);
    lines.push({ at, end, line: "" });
    at = fields.indexOf(start, end);
  }
  return lines;
}

/** Where the next line starts. */
function endOf(fields: Fields, at: number): number {
  return fields.indexOf("\n", at + 1);
}

/** Of the line of each value, and where it starts. */
function headsIn(fields: Fields): [head: string, at: number][] {
  const headAt = (at: number) => fields.slice(at, fields.indexOf("\t", at) + 1);
  return linesIn(fields, '\n"').map(({ at }) => [headAt(at), at]);
}
