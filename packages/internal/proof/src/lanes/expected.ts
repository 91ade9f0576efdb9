import { Oracle } from "../oracle/oracle.ts";
import { handleOf } from "../oracle/stored.ts";
import type { Log } from "./crew.ts";
import { begin, type Deed, ownerOf, perform } from "./deed.ts";
import type { LaneState } from "./lane-state.ts";

const DAY = 86_400_000;
const RULES = {
  ...{ idleTimeout: DAY, absoluteTimeout: 30 * DAY, touchAfter: 0 },
  ...{ codec: JSON, encrypt: false },
};

/** Stands for an id that was drawn and that nobody was told. */
const UNTOLD = "untold";

/**
 * The oracle at first and after each deed of a lane that was acknowledged. Rejects where a deed was
 * answered in another way than the oracle answers.
 */
export async function oraclesAfter(lane: number, { base, done }: Log): Promise<Oracle[]> {
  let oracle = oracleOf(lane, base);
  const oracles = [oracle];
  for (const { deed, outcome } of done) {
    oracle = oracle.copy();
    oracles.push(oracle);
    const { answer } = await performed(oracle, lane, deed, outcome.id);
    if (answer !== outcome.answer) {
      throw new Error(`lane ${lane}: ${deed.act} gave ${outcome.answer}, expected was ${answer}`);
    }
  }
  return oracles;
}

/** The oracle after the deed that was under way, as far as it may have come. */
export async function oraclesBeyond(lane: number, { underWay }: Log, last: Oracle) {
  if (underWay === undefined) return [];
  const oracle = last.copy();
  await performed(oracle, lane, underWay, underWay.act === "create" ? underWay.id : UNTOLD);
  if (underWay.act !== "regenerate") return [oracle];
  // Saved under the new id, and the old one is not replaced yet.
  const half = last.copy();
  const session = last.live(handleOf(underWay.id));
  if (session) half.stored.set(handleOf(UNTOLD), session);
  return [oracle, half];
}

function performed(oracle: Oracle, lane: number, deed: Deed, drawn: string | undefined) {
  oracle.now = deed.at;
  oracle.drawn = drawn ?? "";
  const created = deed.act === "create" ? oracle.create() : undefined;
  if (created) begin(created, lane, deed.text);
  return perform(oracle, deed, created);
}

function oracleOf(lane: number, { live }: LaneState): Oracle {
  const oracle = new Oracle(RULES, Date.now());
  for (const [id, { text, count, messages, expiresAt }] of live) {
    const values = new Map(Object.entries({ text, count }).map(([k, v]) => [k, JSON.stringify(v)]));
    oracle.stored.set(handleOf(id), {
      ...{ revision: 1, createdAt: oracle.now, expiresAt, lifetime: {} },
      ...{ owner: ownerOf(lane), root: handleOf(id), sealed: false, values },
      messages: messages.map((each) => ({ kind: "note", text: JSON.stringify(each) })),
    });
  }
  return oracle;
}
