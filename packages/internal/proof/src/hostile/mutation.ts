import type { Random } from "../random.ts";

/** Pieces that would hurt where text were trusted. */
const PIECES = [
  "",
  "\n",
  "\t",
  "\r",
  "\0",
  '"',
  "!",
  "\\",
  " ",
  "0",
  "9".repeat(400),
  "-1",
  "1e9",
  "{",
  "}",
  "[".repeat(2_000),
  "null",
  "=",
  "\ud800",
  "\ufeff",
  '{"toString":1}',
  '{"then":1}',
  '["Date","x"]',
  '[["__proto__",1]]',
  '"__proto__"\t{"polluted":true}\n',
  '"constructor"\t{"prototype":{"polluted":true}}\n',
  '!"notice"\t{"__proto__":{"polluted":true}}\n',
  '"alias"\t"another"\n',
  "sess1jp ",
  "sess1m ~",
  " 1 1",
  "\n\n",
];

type Mutation = (text: string, random: Random) => string;

const mutations: readonly Mutation[] = [
  (text, random) => splice(text, random, 0, random.pick(PIECES)),
  (text, random) => splice(text, random, 1 + random.below(9), random.pick(PIECES)),
  (text, random) => splice(text, random, 1, String.fromCharCode(random.below(0x10000))),
  (text, random) => splice(text, random, 1, String.fromCharCode(random.below(0x80))),
  (text, random) => splice(text, random, 0, text.slice(random.below(text.length + 1))),
  (text, random) => splice(text, random, random.below(text.length + 1), ""),
  // Cut, as where a write was not finished.
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(at) + text.slice(0, at);
  },
  (text) => text.split("\n").toReversed().join("\n"),
  (text, random) => {
    const lines = text.split("\n");
    lines.splice(
      random.below(lines.length),
      random.below(2),
      lines[random.below(lines.length)] ?? "",
    );
    return lines.join("\n");
  },
  // A bit.
  (text, random) => {
    const at = random.below(text.length + 1);
    const bit = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(16)));
    return text.slice(0, at) + bit + text.slice(at + 1);
  },
];

/** `data` altered in up to three places, now and then so that its marker still fits. */
export function mutated(data: string, random: Random): string {
  let text = data;
  for (let left = 1 + random.below(3); left > 0; left -= 1)
    text = random.pick(mutations)(text, random);
  return random.below(2) === 0 ? text : measured(text);
}

/** Makes the marker's length right again, so that a mutation gets past it. */
function measured(data: string): string {
  const end = data.indexOf("\n") + 1;
  const marker = data.slice(0, end).replace(/^(sess1.. \S+) \d+/, `$1 ${data.length - end}`);
  return marker + data.slice(end);
}

function splice(text: string, random: Random, removed: number, added: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + added + text.slice(at + removed);
}
