import { createHash } from "node:crypto";
import { ANY_REVISION, DAMAGED, DONE, REFUSED } from "./step.ts";

// No other command comes between those of a script, so what it checks still holds when it writes. Whether
// a record is live is for Redis to say, by its own clock: an expired key is not there. The form of a record
// is told in record.ts. Nothing here is newer than Redis 6.2; no key is touched that is not among KEYS.

/** Each step takes a record's key, the key of its owner's index if that is here too, and its arguments. */
const STEPS = String.raw`
local DONE, REFUSED, DAMAGED = ${DONE}, ${REFUSED}, ${DAMAGED}
local NONE, ANY = '0', '${ANY_REVISION}' -- in place of a revision
local DAY = 86400000

-- The revision that is live, NONE if there is none, nil if there is something else than a record; then its
-- owner, and how long the owner's index is sure to name it.
local function read(key)
  local text = redis.call('GETRANGE', key, 0, 63)
  if text == '' then return NONE end
  local form = string.sub(text, 1, 1)
  if form == '1' then return string.match(text, '^(%w+) %w+\n', 20) end
  if form ~= '2' then return nil end
  -- An owner may be long. No line is longer than this.
  if not string.find(text, '\n', 36, true) then text = redis.call('GETRANGE', key, 0, 1023) end
  local revision, owner = string.match(text, '^(%w+) %w+ ([^\n]+)\n', 36)
  local namedUntil = string.sub(text, 13, 28)
  return tonumber(namedUntil) and revision, owner, namedUntil
end

-- What to answer if the live revision is not the one that a step is for; nil if it is.
local function refusal(live, revision)
  if not live then return DAMAGED end
  if revision == ANY and live ~= NONE then return nil end
  if revision ~= live then return REFUSED end
end

-- NX in a first save: a text without characters reads as if nothing were there.
local function write(key, base, lastMs, text)
  if base == NONE then
    return redis.call('SET', key, text, 'PXAT', lastMs, 'NX') and DONE or REFUSED
  end
  redis.call('SET', key, text, 'PXAT', lastMs)
  return DONE
end

-- Makes an owner's index name a session until namedUntil at least. Names go a day after their time is over,
-- since the clocks of nodes differ, and the index with its last name. So neither needs a sweep.
local function name(index, _, handle, namedUntil)
  redis.call('ZADD', index, 'GT', namedUntil, handle)
  local now = redis.call('TIME')[1] * 1000
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now - DAY)
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')[2]
  if last then redis.call('PEXPIREAT', index, last + DAY) end
  return DONE
end

-- Saves a record without an owner over the revision base.
local function save(key, _, base, lastMs, text)
  local why = base ~= NONE and refusal(read(key), base)
  return why or write(key, base, lastMs, text)
end

-- Saves a record with an owner. Answers unnamed if the index must name it first and is not here. With
-- isNamed yes, the index has just been made to.
local function saveOwned(key, index, base, lastMs, start, namedUntil, rest, owner, handle, isNamed)
  local revision, liveOwner, liveNamedUntil = read(key)
  local why = refusal(revision, base)
  if why then return why end
  if isNamed ~= 'yes' then
    if liveOwner == owner and tonumber(liveNamedUntil) > tonumber(lastMs) then
      namedUntil = liveNamedUntil
    elseif index then
      name(index, nil, handle, namedUntil)
    else
      return { 'unnamed', owner }
    end
  end
  return write(key, base, lastMs, start .. namedUntil .. rest)
end

-- Moves the expiry of a record. Answers unnamed if its owner's index must name it first. That of owner,
-- unless empty, has just been made to.
local function touch(key, _, revision, lastMs, expiresAt, owner, namedUntil)
  local live, liveOwner, liveNamedUntil = read(key)
  -- Not even one that asks for revision 0 can extend what is not there.
  local why = live == NONE and REFUSED or refusal(live, revision)
  if why then return why end
  local times = expiresAt
  if liveOwner and tonumber(liveNamedUntil) <= tonumber(lastMs) then
    if liveOwner ~= owner then return { 'unnamed', liveOwner } end
    times = expiresAt .. namedUntil
  end
  redis.call('SETRANGE', key, 1, times)
  redis.call('PEXPIREAT', key, lastMs)
  return DONE
end

-- Removes a record of this revision, or whatever is there.
local function delete(key, _, revision)
  local why = revision ~= ANY and refusal(read(key), revision)
  return why or redis.call('DEL', key)
end
`;

/**
 * Carries out many steps. The first of ARGV names them, each with how many of KEYS and of the other ARGV
 * are its own: save13. If a step fails, its answer is the error, and the others are carried out.
 */
const BATCH = `
local steps = { save = save, saveOwned = saveOwned, touch = touch, delete = delete, name = name }
local answers, k, a = {}, 1, 2
for step, keyCount, argCount in string.gmatch(ARGV[1], '(%a+)(%d)(%d)') do
  local index = keyCount == '2' and KEYS[k + 1] or nil
  local isDone, answer = pcall(steps[step], KEYS[k], index, unpack(ARGV, a, a + argCount - 1))
  if not isDone then
    local message = type(answer) == 'table' and answer.err or tostring(answer)
    -- Then no step can write. Some clients connect anew if it is the error of the whole command.
    local readonly = string.match(message, 'READONLY .*')
    if readonly then return { err = readonly } end
    answer = { 'failed', message }
  end
  answers[#answers + 1] = answer
  k, a = k + keyCount, a + argCount
end
return answers
`;

/** A script for each step alone, whose KEYS and ARGV are all there are, and one for many steps. */
export const scripts = {
  save: script("return save(KEYS[1], KEYS[2], unpack(ARGV))"),
  saveOwned: script("return saveOwned(KEYS[1], KEYS[2], unpack(ARGV))"),
  touch: script("return touch(KEYS[1], KEYS[2], unpack(ARGV))"),
  delete: script("return delete(KEYS[1], KEYS[2], unpack(ARGV))"),
  name: script("return name(KEYS[1], KEYS[2], unpack(ARGV))"),
  batch: script(BATCH),
};

/** A script in Lua, and the hash by which a server that has run it before knows it. */
export type Script = ReturnType<typeof script>;

function script(body: string) {
  const source = STEPS + body;
  return { source, hash: createHash("sha1").update(source).digest("hex") };
}
