import { parseArgs } from "node:util";
import { CONTENDERS } from "./contenders/all.ts";
import { SUITES } from "./suites.ts";

/** What a run was asked for. */
export interface CommandLine {
  readonly suites: readonly string[];
  readonly contenders: readonly string[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly isHelp: boolean;
}

const SUITE_NAMES = SUITES.map(({ name }) => name);
const CONTENDER_NAMES = Object.keys(CONTENDERS);

export const HELP = `npm run bench -- [<suite> | <contender>]... [--rounds 5] [--quick]

  --quick     a minute: few sessions and one round, to see whether everything works

suites:     ${SUITE_NAMES.join(", ")}
contenders: ${CONTENDER_NAMES.join(", ")}
`;

/** @throws Error which names what there is to choose from. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const known = [...SUITE_NAMES, ...CONTENDER_NAMES];
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no suite and no contender "${unknown}".\n\n${HELP}`);
  }
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds must be a whole number above 0, not "${values.rounds}".`);
  }
  return {
    suites: chosen(SUITE_NAMES, positionals),
    contenders: chosen(CONTENDER_NAMES, positionals),
    rounds,
    isQuick: values.quick,
    isHelp: values.help,
  };
}

/** All where none is named. */
function chosen(all: readonly string[], named: readonly string[]): readonly string[] {
  const some = all.filter((name) => named.includes(name));
  return some.length > 0 ? some : all;
}
