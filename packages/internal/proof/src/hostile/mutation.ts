import type { Random } from "../random.ts";

/** Texts that would do harm where stored data were trusted. */
const PIECES = [
  ...["", "\n", "\n\n", "\t", "\r", "\0", '"', "!", "\\", " ", "=", "{", "}", "null"],
  ...["0", "-1", "1e9", " 1 1", "9".repeat(400), "[".repeat(2_000), "\ud800", "\ufeff"],
  ...['{"toString":1}', '{"then":1}', '["Date","x"]', '[["__proto__",1]]', '"alias"\t"another"\n'],
  '"__proto__"\t{"polluted":true}\n',
  '"constructor"\t{"prototype":{"polluted":true}}\n',
  '!"notice"\t{"__proto__":{"polluted":true}}\n',
];

type Mutation = (text: string, random: Random) => string;

const mutations: readonly Mutation[] = [
  (text, random) => splice(text, random, 0, random.pick(PIECES)),
  (text, random) => splice(text, random, 1 + random.below(9), random.pick(PIECES)),
  (text, random) => splice(text, random, 1, String.fromCharCode(random.below(0x10000))),
  (text, random) => splice(text, random, 1, String.fromCharCode(random.below(0x80))),
  (text, random) => splice(text, random, 0, text.slice(random.below(text.length + 1))),
  (text, random) => splice(text, random, random.below(text.length + 1), ""),
  // Cut, as a write that was not finished.
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(at) + text.slice(0, at);
  },
  (text) => text.split("\n").toReversed().join("\n"),
  (text, random) => {
    const lines = text.split("\n");
    const line = random.pick(lines);
    lines.splice(random.below(lines.length), random.below(2), line);
    return lines.join("\n");
  },
  // One bit.
  (text, random) => {
    const at = random.below(text.length + 1);
    const bit = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(16)));
    return text.slice(0, at) + bit + text.slice(at + 1);
  },
];

/** Alters `data` in up to three places. Every other time the length in its header is made right again. */
export function mutated(data: string, random: Random): string {
  let text = data;
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    text = random.pick(mutations)(text, random);
  }
  return random.below(2) === 0 ? text : measured(text, lengthBehindHeader(data));
}

/** Puts the true length wherever the header has the one of before, so that the mutation gets further. */
function measured(text: string, before: number): string {
  const end = text.indexOf("\n") + 1;
  const header = text.slice(0, end).replaceAll(`${before}`, `${lengthBehindHeader(text)}`);
  return header + text.slice(end);
}

function lengthBehindHeader(text: string): number {
  return text.length - text.indexOf("\n") - 1;
}

function splice(text: string, random: Random, removed: number, added: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + added + text.slice(at + removed);
}
