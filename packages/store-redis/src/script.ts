import { createHash } from "node:crypto";
import { notUnderstood, textFrom, wordFrom } from "./replies.ts";

/**
 * Carries out steps. For all other clients they are one, so what a step checks still holds when it writes. If
 * a step fails, its answer is the error, and the other steps are carried out.
 *
 * ARGV holds for each step its name, how many of KEYS and how many arguments it has, and the arguments. No
 * key is touched that is not among KEYS, and nothing here is newer than Redis 6.2. Whether a record is live
 * is for Redis to say, by its own clock: an expired key is not there.
 */
const SOURCE = String.raw`
local ANY, NONE = '*', '0' -- revisions: whatever is there; nothing is there
local DAY = 86400000

-- What the envelope of a record says (see record.ts). No envelope is longer than what is read.
local function read(key)
  local text = redis.call('GETRANGE', key, 0, 1023)
  if text == '' then return { revision = NONE } end
  local form = string.sub(text, 1, 1)
  if form == '1' then
    local revision = string.match(text, '^(%w+) %w+\n', 20)
    if revision then return { revision = revision } end
  elseif form == '2' then
    local namedUntil = string.sub(text, 13, 28)
    local revision, owner = string.match(text, '^(%w+) %w+ ([^\n]+)\n', 36)
    if revision and tonumber(namedUntil) then
      return { revision = revision, owner = owner, namedUntil = namedUntil }
    end
  end
  return { isDamaged = true }
end

-- Why a step for this revision must leave the record alone; nil if it need not.
local function refusal(live, revision)
  if live.isDamaged then return 'damaged' end
  if revision == ANY and live.revision ~= NONE then return nil end
  if revision ~= live.revision then return 'refused' end
end

-- NX in a first save, because a text without characters reads as if nothing were there.
local function write(key, base, lastMs, text)
  if base == NONE then
    return redis.call('SET', key, text, 'PXAT', lastMs, 'NX') and 'done' or 'refused'
  end
  redis.call('SET', key, text, 'PXAT', lastMs)
  return 'done'
end

local steps = {}

-- Saves a record without an owner over the revision base.
function steps.save(keys, base, lastMs, text)
  local why = base ~= NONE and refusal(read(keys[1]), base)
  return why or write(keys[1], base, lastMs, text)
end

-- Saves a record with an owner. Answers unnamed if the owner's index must name it first and is not here, as
-- keys[2]. With isNamed, yes or no, the index has just been made to.
function steps.saveOwned(keys, base, lastMs, start, namedUntil, rest, owner, handle, isNamed)
  local live = read(keys[1])
  local why = refusal(live, base)
  if why then return why end
  if isNamed ~= 'yes' then
    if live.owner == owner and tonumber(live.namedUntil) > tonumber(lastMs) then
      namedUntil = live.namedUntil
    elseif keys[2] then
      steps.name({ keys[2] }, handle, namedUntil)
    else
      return { 'unnamed', owner }
    end
  end
  return write(keys[1], base, lastMs, start .. namedUntil .. rest)
end

-- Moves the expiry of a record. Answers unnamed if its owner's index must name it first. The index of owner,
-- if that is not empty, has just been made to.
function steps.touch(keys, revision, lastMs, expiresAt, owner, namedUntil)
  local live = read(keys[1])
  local why = refusal(live, revision)
  if why then return why end
  local times = expiresAt
  if live.owner and tonumber(live.namedUntil) <= tonumber(lastMs) then
    if live.owner ~= owner then return { 'unnamed', live.owner } end
    times = expiresAt .. namedUntil
  end
  redis.call('SETRANGE', keys[1], 1, times)
  redis.call('PEXPIREAT', keys[1], lastMs)
  return 'done'
end

-- Removes a record of this revision.
function steps.delete(keys, revision)
  local why = revision ~= ANY and refusal(read(keys[1]), revision)
  return why or (redis.call('DEL', keys[1]) == 1 and 'done' or 'refused')
end

-- Makes an owner's index name a session until namedUntil at least. Names go when their time is over, and the
-- index with the last one: so neither needs a sweep. Each stays a day longer, since clocks of nodes differ.
function steps.name(keys, handle, namedUntil)
  redis.call('ZADD', keys[1], 'GT', namedUntil, handle)
  local now = redis.call('TIME')[1] * 1000
  redis.call('ZREMRANGEBYSCORE', keys[1], '-inf', now - DAY)
  local last = redis.call('ZREVRANGE', keys[1], 0, 0, 'WITHSCORES')[2]
  if last then redis.call('PEXPIREAT', keys[1], last + DAY) end
  return 'done'
end

local answers, k, a = {}, 1, 1
while a <= #ARGV do
  local nextK, nextA = k + ARGV[a + 1], a + 3 + ARGV[a + 2]
  local isDone, answer =
    pcall(steps[ARGV[a]], { unpack(KEYS, k, nextK - 1) }, unpack(ARGV, a + 3, nextA - 1))
  if not isDone then
    local message = type(answer) == 'table' and answer.err or tostring(answer)
    -- Then no step can write. Some clients connect anew if it is the error of the whole command.
    local readonly = string.match(message, 'READONLY .*')
    if readonly then return { err = readonly } end
    answer = { 'failed', message }
  end
  answers[#answers + 1] = answer
  k, a = nextK, nextA
end
return answers
`;

/** For a server that may not know the script. */
export const RUN_IN_FULL = ["EVAL", SOURCE] as const;

/** For a server that has run the script before. */
export const RUN_BY_HASH = ["EVALSHA", createHash("sha1").update(SOURCE).digest("hex")] as const;

export interface Step {
  readonly name: "save" | "saveOwned" | "touch" | "delete" | "name";
  readonly keys: readonly string[];
  /** What the function of that name takes behind `keys`, in its order. */
  readonly args: readonly string[];
  /** A command of Redis that does the same, and costs less. */
  readonly command?: string[] | undefined;
}

/**
 * What came of a step. If it was not done, then because there is another revision or none (refused), because
 * there is something else than a record (damaged), or because the index of `owner` must come first (unnamed).
 */
export type Outcome =
  | { readonly kind: "done" | "refused" | "damaged" }
  | { readonly kind: "unnamed"; readonly owner: string };

/** A step as it stands in ARGV. */
export function argumentsOf({ name, keys, args }: Step): string[] {
  return [name, String(keys.length), String(args.length), ...args];
}

/** What the plain command of a step came to. SET answers OK or null, DEL how many keys it removed. */
export function commandOutcome(reply: unknown): Outcome {
  const text = textFrom(reply);
  if (text === "OK" || text === "1") return { kind: "done" };
  if (text === undefined || text === "0") return { kind: "refused" };
  throw notUnderstood("OK, null or a count");
}

/** What the script answers to a step; an error if the step failed. */
export function stepOutcome(answer: unknown): Outcome | Error {
  const [word, detail]: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const kind = textFrom(word);
  switch (kind) {
    case "done":
    case "refused":
    case "damaged":
      return { kind };
    case "unnamed":
      return { kind: "unnamed", owner: wordFrom(detail) };
    case "failed":
      return new Error(wordFrom(detail));
    default:
      return notUnderstood("the outcome of a step");
  }
}
