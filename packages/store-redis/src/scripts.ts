import { Script } from "./script.ts";
import { CREATE, ERASE, INDEX, REMOVE, REPLACE, SAVE_OWNED, TOUCH } from "./steps.ts";

/** The code that a batch knows a step by. */
const CODES = { create: "c", replace: "r", saveOwned: "o", touch: "t", remove: "d", erase: "e" };

/** What can be done to a record. */
export type Step = keyof typeof CODES;

/** What a fault begins with among the answers of a batch. */
export const FAULT = "!";

/**
 * Many steps in the order of their codes, which are the first of ARGV; for each, how many KEYS and ARGV
 * it takes. A step that fails is answered with what failed, and the others are carried out.
 */
const BATCH = `
local steps = {
  c = { function(k, a) ${CREATE} end, 1, 2 },
  r = { function(k, a) ${REPLACE} end, 1, 3 },
  o = { function(k, a) local index, isNamed = KEYS[k + 1], false ${SAVE_OWNED} end, 2, 8 },
  t = { function(k, a) local till, named ${TOUCH} end, 1, 3 },
  d = { function(k, a) ${REMOVE} end, 1, 1 },
  e = { function(k, a) ${ERASE} end, 1, 0 },
}
local answers, k, a = {}, 1, 2
for i = 1, #ARGV[1] do
  local step = steps[string.sub(ARGV[1], i, i)]
  local isDone, answer = pcall(step[1], k, a)
  if not isDone then
    local fault = type(answer) == 'table' and answer.err or tostring(answer)
    -- No step can write here. The client is to hear of it: some connect anew for this error.
    local readonly = string.match(fault, 'READONLY .*')
    if readonly then return { err = readonly } end
    answer = '${FAULT}' .. fault
  end
  answers[i] = answer
  k, a = k + step[2], a + step[3]
end
return answers
`;

/** The scripts of a store, with their names: a step alone, or a batch of them. */
export class Scripts {
  readonly replace = alone(REPLACE);
  readonly saveOwned = alone(`local index, isNamed = KEYS[2], ARGV[9] ${SAVE_OWNED}`);
  readonly touch = alone(`local till, named = ARGV[4], ARGV[5] ${TOUCH}`);
  readonly remove = alone(REMOVE);
  readonly index = alone(INDEX);
  readonly batch = new Script(BATCH);
}

export function codesOf(steps: readonly Step[]): string {
  return steps.map((step) => CODES[step]).join("");
}

function alone(step: string): Script {
  return new Script(`local k, a = 1, 1 ${step}`);
}
