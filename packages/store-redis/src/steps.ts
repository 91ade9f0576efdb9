// Redis runs a script as one step, so what is checked still holds when it writes. Whether a record is
// live is for Redis to say, by the server's clock: an expired key is not there. A key that is set to
// expire at an instant is there in that very millisecond, so it is set to the one before.
//
// Each step is the body of a function that takes its KEYS from `k` on and its ARGV from `a` on. It works
// on the record's form as record-text.ts has it, on its first characters only, and touches the keys it
// is given and no other. Nothing here is newer than Redis 6.2.

// What a step answers.
export const REFUSED = 0;
export const DONE = 1;
/** The record cannot be read. */
export const CORRUPT = -1;
/** The owner's index must name the session first, and lies where this script cannot reach. */
export const UNNAMED = 2;

/** What an owner begins with that a step answers with: one could be a number else. */
export const OWNER = "@";

/** How much longer than it must an index keeps a name, in ms: the clocks of a cluster's nodes differ. */
const KEPT = 86_400_000;

/** `at`: where the revision begins. Form "2", which is 50, is that of a record with an owner. */
const READ_FORM = `
local form = string.byte(head)
if head ~= '' and form ~= 49 and form ~= 50 then return ${CORRUPT} end
local at = form == 50 and 31 or 20
`;

/** Refuses unless the record has the revision `live`; where that is empty, any will do, and none. */
const CHECK = `${READ_FORM}
if string.sub(head, at, at + #live - 1) ~= live then return ${REFUSED} end
`;

// In two halves, since tonumber with a base reads a C long, which may have 32 bits.
const TIME = `
local function time(digits)
  local high, low = tonumber(string.sub(digits, 1, 5), 36), tonumber(string.sub(digits, 6), 36)
  return (high or 0) * 2176782336 + (low or 0)
end
`;

// A name goes when the time is over for which it vouches, and the index with its last name: so it needs
// no sweep. No record outlives its name, since the steps below let none. A name that was over before it
// was given leaves nothing.
const NAME = `
local function name(index, handle, till)
  redis.call('ZADD', index, 'GT', till, handle)
  local now = redis.call('TIME')
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now[1] * 1000 - ${KEPT})
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')
  if last[2] then redis.call('PEXPIREAT', index, last[2] + ${KEPT}) end
end
`;

/** NX, since nothing and a text of no character look alike. */
const SET_NEW = `
return redis.call('SET', KEYS[k], text, 'PXAT', last, 'NX') and ${DONE} or ${REFUSED}
`;

/** Saves a first record, without owner. KEYS: the record. ARGV: when to expire; the record. */
export const CREATE = `
local last, text = ARGV[a], ARGV[a + 1]
${SET_NEW}`;

/**
 * Saves a later one, without owner. KEYS: the record. ARGV: the revision that must be live with a space
 * behind it; when to expire; the record.
 */
export const REPLACE = `
local live = ARGV[a]
local head = redis.call('GETRANGE', KEYS[k], 0, 63)
${CHECK}
redis.call('SET', KEYS[k], ARGV[a + 2], 'PXAT', ARGV[a + 1])
return ${DONE}
`;

/**
 * Saves one with an owner. KEYS: the record; `index`: the owner's index, where it can be reached. ARGV:
 * the revision that must be live with a space behind it, empty for none; when to expire; of the record
 * its head; `until`; its rest; its owner; `until` in ms; the handle. `isNamed`: the index names it.
 */
export const SAVE_OWNED = `
local live, last, till, owner = ARGV[a], ARGV[a + 1], ARGV[a + 3], ARGV[a + 5]
local head = redis.call('GETRANGE', KEYS[k], 0, 63 + #owner)
${CHECK}
if live == '' and head ~= '' then return ${REFUSED} end
if not isNamed then
  ${TIME}
  local vouched = string.sub(head, 13, 23)
  if form == 50 and time(vouched) >= time(string.sub(ARGV[a + 2], 2))
    and string.match(head, '^%w+ %w+ ([^\\n]*)\\n', at) == owner then
    till = vouched
  elseif index then
    ${NAME}
    name(index, ARGV[a + 7], ARGV[a + 6])
  else
    return ${UNNAMED}
  end
end
local text = ARGV[a + 2] .. till .. ARGV[a + 4]
if head == '' then
  ${SET_NEW}
end
redis.call('SET', KEYS[k], text, 'PXAT', last)
return ${DONE}
`;

/**
 * KEYS: the record. ARGV: `expiresAt`; when to expire; the revision that must be live with a space
 * behind it, empty for any. Where the index has just been written, what it vouches for: `till`, which
 * is `until`, and `named`, the owner. Answers with the owner where its index must be written first.
 */
export const TOUCH = `
local times, live = ARGV[a], ARGV[a + 2]
local head = redis.call('GETRANGE', KEYS[k], 0, 63)
${CHECK}
if head == '' then return ${REFUSED} end
if form == 50 then
  ${TIME}
  if time(string.sub(head, 13, 23)) < time(times) then
    head = redis.call('GETRANGE', KEYS[k], 0, 1023)
    local owner = string.match(head, '^%w+ %w+ ([^\\n]*)\\n', at)
    if not owner then return ${CORRUPT} end
    if owner ~= named then return '${OWNER}' .. owner end
    times = times .. till
  end
end
redis.call('SETRANGE', KEYS[k], 1, times)
redis.call('PEXPIREAT', KEYS[k], ARGV[a + 1])
return ${DONE}
`;

/** KEYS: the record. ARGV: the revision that must be live with a space behind it. */
export const REMOVE = `
local live = ARGV[a]
local head = redis.call('GETRANGE', KEYS[k], 0, 63)
${CHECK}
return redis.call('DEL', KEYS[k])
`;

/** Whatever is there. KEYS: the record. */
export const ERASE = `
return redis.call('DEL', KEYS[k])
`;

/** KEYS: the owner's index. ARGV: the handle, and until when it is to be named, in ms. */
export const INDEX = `${NAME}
name(KEYS[k], ARGV[a], ARGV[a + 1])
return ${DONE}
`;
