// What a client resolves to is checked here. A reply that is not understood is an error: taken for an
// answer, it could pass for a save that has happened, or for a session that is not there.

/** The text of a reply, or undefined for null. Some clients make Buffers of text, or text of numbers. */
export function textFrom(reply: unknown): string | undefined {
  return reply === null ? undefined : wordFrom(reply);
}

/** Like `textFrom`, where null is no answer. */
export function wordFrom(reply: unknown): string {
  if (typeof reply === "string") return reply;
  if (typeof reply === "number" || Buffer.isBuffer(reply)) return String(reply);
  throw notUnderstood("text or a number");
}

/** A whole number from 0 on, such as a count or a time. */
export function numberFrom(reply: unknown): number {
  const word = wordFrom(reply);
  if (/^\d+$/.test(word)) return Number(word);
  throw notUnderstood("a whole number");
}

/** A list; of as many items as were asked for, if that is known. */
export function listFrom(reply: unknown, length?: number): readonly unknown[] {
  if (Array.isArray(reply) && reply.length === (length ?? reply.length)) return reply;
  throw notUnderstood(length === undefined ? "a list" : `a list of ${length}`);
}

/** The error for a reply that is not as `expected`. It does not quote what came: that may be a session. */
export function notUnderstood(expected: string): Error {
  return new Error(`The client's reply is not what Redis answers, ${expected}.`);
}
