/** How many are kept, and how long they are at most: keys that a program builds must not add up. */
const MOST = 1_000;
const LONGEST = 100;

/** By key: a program names the same few again and again, whichever session and manager it asks. */
const heads = new Map<string, string>();

/** The beginning of the line of `key`, with the line feed before it: what is searched for. */
export function headOf(key: string): string {
  return heads.get(key) ?? newHead(key);
}

function newHead(key: string): string {
  const quoted = JSON.stringify(key);
  const head = `\n${quoted}\t`;
  if (typeof key !== "string" || head.length > LONGEST) return head;
  if (heads.size >= MOST) heads.clear();
  // By a copy: a key that was cut from a longer text would keep all of it in memory.
  heads.set(JSON.parse(quoted), head);
  return head;
}

/** Of the line of a flash message. */
export function messageHead(kind: string): string {
  return `\n!${headOf(kind).slice(1)}`;
}
