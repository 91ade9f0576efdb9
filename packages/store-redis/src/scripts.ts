import { createHash } from "node:crypto";
import { CLOCK_TOLERANCE } from "./server-clock.ts";
import { ANY_REVISION, DAMAGED, DONE, NO_REVISION, REFUSED } from "./step.ts";

// No other command comes between those of a script, so what it checks still holds when it writes. What has
// expired is for the server's clock to say. The form of a record is told in record.ts. Nothing here is newer
// than Redis 6.2. No key is touched that is not among KEYS, but for the index that delete finds in a record.

/** Each step takes a record's key, the key of its owner's index if that is here too, and its arguments. */
const STEPS = String.raw`
local DONE, REFUSED, DAMAGED = ${DONE}, ${REFUSED}, ${DAMAGED}
local NONE, ANY = '${NO_REVISION}', '${ANY_REVISION}' -- in place of a revision
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The revision that is live, NONE if there is none, nil if there is something else than a record; then its
-- owner, how long the owner's index is sure to name it, and its expiry. Before a record is replaced, its
-- length is checked too.
local function read(key, isReplaced)
  local text = redis.call('GETRANGE', key, 0, 63)
  if text == '' then return NONE end
  local form, expiresAt = string.sub(text, 1, 1), tonumber(string.sub(text, 2, 12), 36)
  if not expiresAt or form ~= '1' and form ~= '2' then return nil end
  -- Redis has expired it by itself, unless the key has lost its expiry.
  if expiresAt <= now then return NONE, nil, nil, expiresAt end
  local sizeAt = form == '1' and 20 or 36
  local size = isReplaced and tonumber(string.sub(text, sizeAt, sizeAt + 5), 36)
  if isReplaced and size ~= redis.call('STRLEN', key) then return nil end
  if form == '1' then return string.match(text, '^(%w+) %w+\n', 26) end
  -- An owner may be long. No line is longer than this.
  if not string.find(text, '\n', 42, true) then text = redis.call('GETRANGE', key, 0, 1023) end
  local revision, owner = string.match(text, '^(%w+) %w+ ([^\n]+)\n', 42)
  local namedUntil = string.sub(text, 13, 28)
  return tonumber(namedUntil) and revision, owner, namedUntil, expiresAt
end

-- What to answer if the live revision is not the one that a step is for, or if the last millisecond of a new
-- expiry is over, where Redis would remove the key and answer OK; nil if the step may go on.
local function refusal(live, revision, lastMs)
  if not live then return DAMAGED end
  if revision ~= live and (revision ~= ANY or live == NONE) then return REFUSED end
  if lastMs and lastMs < now then return REFUSED end
end

-- NX in a first save: a text without characters reads as if nothing were there.
local function write(key, base, lastMs, text)
  if base == NONE then
    return redis.call('SET', key, text, 'PXAT', lastMs, 'NX') and DONE or REFUSED
  end
  redis.call('SET', key, text, 'PXAT', lastMs)
  return DONE
end

-- Makes an owner's index name a session until namedUntil at least. With isNew, for a record that is written
-- right after, the score is another one each time, so that rename drops only what it has seen. Names go when
-- their time is over, as far as clocks may differ, and the index with the last. So neither needs a sweep.
local function name(index, _, handle, namedUntil, isNew)
  if isNew then
    redis.call('ZADD', index, namedUntil + time[2], handle)
  else
    redis.call('ZADD', index, 'GT', namedUntil, handle)
  end
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now - ${CLOCK_TOLERANCE})
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')[2]
  if last then redis.call('PEXPIREAT', index, last + ${CLOCK_TOLERANCE}) end
  return DONE
end

-- Makes an index that names a session until from do so until to, or no more if that is empty. Nothing
-- happens if it has named the session again since.
local function rename(index, _, handle, from, to)
  if tonumber(redis.call('ZSCORE', index, handle)) ~= tonumber(from) then return REFUSED end
  if to == '' then redis.call('ZREM', index, handle) else redis.call('ZADD', index, to, handle) end
  return DONE
end

-- Saves a record without an owner over the revision base. A first save reads nothing: NX tells.
local function save(key, _, base, lastMs, text)
  local live = base
  if base ~= NONE then live = read(key, true) end
  return refusal(live, base, tonumber(lastMs)) or write(key, base, lastMs, text)
end

-- Saves a record with an owner. Answers unnamed if the index must name it first and is not here, and left if
-- the index, which is not here, names the saved record for longer than it will live. With isNamed yes, the
-- index has just been made to.
local function saveOwned(key, index, base, lastMs, start, namedUntil, rest, owner, handle, isNamed)
  local revision, liveOwner, liveNamedUntil, liveExpiresAt = read(key, true)
  local last, answer = tonumber(lastMs), DONE
  local why = refusal(revision, base, last)
  if why then return why end
  if isNamed ~= 'yes' then
    local isNamedAlready = liveOwner == owner and tonumber(liveNamedUntil) > last
    if isNamedAlready and last >= liveExpiresAt - 1 then
      namedUntil = liveNamedUntil
    elseif index then
      name(index, nil, handle, namedUntil, true)
    elseif isNamedAlready then
      answer = { 'left', owner, liveNamedUntil }
    else
      return { 'unnamed', owner }
    end
  end
  local written = write(key, base, lastMs, start .. namedUntil .. rest)
  return written == DONE and answer or written
end

-- Moves the expiry of a record. Answers unnamed if its owner's index must name it first. That of owner,
-- unless empty, has just been made to.
local function touch(key, _, revision, lastMs, expiresAt, owner, namedUntil)
  local live, liveOwner, liveNamedUntil = read(key)
  local last = tonumber(lastMs)
  -- Not even one that asks for revision 0 can extend what is not there.
  local why = live == NONE and REFUSED or refusal(live, revision, last)
  if why then return why end
  local times = expiresAt
  if liveOwner and tonumber(liveNamedUntil) <= last then
    if liveOwner ~= owner then return { 'unnamed', liveOwner } end
    times = expiresAt .. namedUntil
  end
  redis.call('SETRANGE', key, 1, times)
  redis.call('PEXPIREAT', key, lastMs)
  return DONE
end

-- Removes a record of this revision, or whatever is there, and its name from its owner's index. Answers left
-- if that is not to be reached from here.
local function delete(key, _, revision, isIndexHere)
  local live, owner, namedUntil, expiresAt
  if revision == ANY then
    -- Also what is no text is deleted.
    _, live, owner, namedUntil, expiresAt = pcall(read, key)
  else
    live, owner, namedUntil, expiresAt = read(key)
    local why = refusal(live, revision)
    if why then return why end
  end
  if redis.call('DEL', key) == 0 or live == NONE and expiresAt then return REFUSED end
  if not owner then return DONE end
  local index = string.sub(key, 1, -45) .. '@' .. owner
  local isForgotten = isIndexHere == 'yes' and tonumber(redis.pcall('ZREM', index, string.sub(key, -44)))
  return isForgotten and DONE or { 'left', owner, namedUntil }
end
`;

/**
 * Carries out many steps. The first of ARGV names them, each with how many of KEYS and of the other ARGV
 * are its own: save13. If a step fails, its answer is the error, and the others are carried out.
 */
const BATCH = `
local steps = {
  save = save, saveOwned = saveOwned, touch = touch, delete = delete, name = name, rename = rename
}
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

/**
 * A script for each step alone, whose KEYS and ARGV are all there are, one for many steps, and two that also
 * tell the server's time.
 */
export const scripts = {
  save: script("return save(KEYS[1], KEYS[2], unpack(ARGV))"),
  saveOwned: script("return saveOwned(KEYS[1], KEYS[2], unpack(ARGV))"),
  touch: script("return touch(KEYS[1], KEYS[2], unpack(ARGV))"),
  delete: script("return delete(KEYS[1], KEYS[2], unpack(ARGV))"),
  name: script("return name(KEYS[1], KEYS[2], unpack(ARGV))"),
  rename: script("return rename(KEYS[1], KEYS[2], unpack(ARGV))"),
  batch: script(BATCH),
  timedSave: script("return { save(KEYS[1], nil, unpack(ARGV)), now }"),
  time: script("return now"),
};

/** A script in Lua, and the hash by which a server that has run it before knows it. */
export type Script = ReturnType<typeof script>;

function script(body: string) {
  const source = STEPS + body;
  return { source, hash: createHash("sha1").update(source).digest("hex") };
}
