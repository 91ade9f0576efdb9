import { parseArgs } from "node:util";

/** What a run of the benchmark was asked for. */
export interface Arguments {
  readonly suites: readonly string[];
  readonly contenders: readonly string[];
  readonly rounds: number;
  readonly isQuick: boolean;
  /** Nothing is measured: the page is drawn from the results that there are. */
  readonly isDrawing: boolean;
  /** The folder with the page and the results, where it is not that of this repository. */
  readonly documents: string | undefined;
}

/** What there is to choose from. */
interface Known {
  readonly suites: readonly string[];
  readonly contenders: readonly string[];
}

/** Throws where they cannot be meant. */
export function readArguments(words: readonly string[], known: Known): Arguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      draw: { type: "boolean", default: false },
      documents: { type: "string" },
      rounds: { type: "string" },
      contender: { type: "string", multiple: true, default: [] },
    },
  });
  const { contender: contenders, quick: isQuick, draw: isDrawing, documents } = values;
  mustBeKnown("suite", positionals, known.suites);
  mustBeKnown("contender", contenders, known.contenders);
  const rounds = Number(values.rounds ?? (isQuick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds is a number above 0.");
  const suites = positionals.length > 0 ? positionals : known.suites;
  return { suites, contenders, rounds, isQuick, isDrawing, documents };
}

function mustBeKnown(kind: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(`There is no ${kind} ${unknown}; there are ${known.join(", ")}.`);
}
