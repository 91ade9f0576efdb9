import type { Random } from "../random.ts";
import type { Operation } from "./operation.ts";
import { GONE, type Live, ONE_SESSION, type SessionCall } from "./session-calls.ts";

type SessionOperation = Operation<SessionCall, string>;

/** A call under way. */
interface Open {
  readonly call: SessionCall;
  readonly start: number;
  readonly isUnknown: boolean;
  answer: string | undefined;
}

/** A small history of one session, as calls at once could have made it; some have no answer. */
export function madeUpHistory(random: Random, calls: number): SessionOperation[] {
  const done: SessionOperation[] = [];
  let state: Live | undefined = ONE_SESSION.initial;
  let open: Open[] = [];
  let begun = 0;
  for (let time = 1; begun < calls || open.length > 0; time += 1) {
    if (begun < calls && open.length < 5 && random.below(3) > 0) {
      const call = draw(random, `${begun}`);
      open.push({ call, start: time, isUnknown: random.below(4) === 0, answer: undefined });
      begun += 1;
      continue;
    }
    if (open.length === 0) continue;
    const each = random.pick(open);
    const { call, start, isUnknown } = each;
    if (each.answer === undefined && !(isUnknown && random.below(4) === 0)) {
      const { next, answer } = ONE_SESSION.apply(state, call);
      state = next;
      each.answer = answer;
      continue;
    }
    open = open.filter((other) => other !== each);
    const known = { end: time, answer: { is: each.answer ?? "" } };
    const unknown = { end: Number.POSITIVE_INFINITY, answer: undefined };
    done.push({ call, start, ...(isUnknown ? unknown : known) });
  }
  return done;
}

/** The same with an answer that may be wrong: that of another call, another order, one message less. */
export function altered(
  history: readonly SessionOperation[],
  random: Random,
): readonly SessionOperation[] {
  const known = history.filter(({ answer }) => answer !== undefined);
  if (known.length === 0) return history;
  const victim = random.pick(known);
  const alike = known.filter(({ call }) => call.do === victim.call.do);
  const said = victim.answer?.is ?? "";
  const is = random.pick([
    random.pick(alike).answer?.is ?? "",
    `${said.split(";").slice(0, -1).toReversed().join(";")};`,
    said.slice(said.indexOf(";") + 1),
    GONE,
  ]);
  return history.map((each) => (each === victim ? { ...each, answer: { is } } : each));
}

function draw(random: Random, text: string): SessionCall {
  const kind = random.below(20);
  if (kind < 4) return { do: "read" };
  if (kind < 6) return { do: "count" };
  if (kind < 9) return { do: "note", text };
  if (kind < 15) return { do: "flash", text };
  return { do: kind < 19 ? "take" : "destroy" };
}
