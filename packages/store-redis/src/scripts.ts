import { Script } from "./script.ts";

// Redis runs a script as one step, so what is checked still holds when it writes. Whether a record is
// live is for Redis to say, by the server's clock: an expired key is not there. A key that is set to
// expire at an instant is there in that very millisecond, so it is set to the one before.
//
// Each works on the record's form as record-text.ts has it, on its first characters only, and touches
// the keys it is given and no other. Nothing here is newer than Redis 6.2.

// What a script answers.
const REFUSED = 0;
export const DONE = 1;
/** The record cannot be read. */
export const CORRUPT = -1;
/** The owner's index must name the session first, and lies where this script cannot reach. */
export const UNNAMED = 2;

/** What an owner begins with that a script answers with: one could be a number else. */
export const OWNER = "@";

/** How much longer than it must an index keeps a name, in ms: the clocks of a cluster's nodes differ. */
const KEPT = 86_400_000;

/** `at`: where the revision begins. Form "2" is that of a record with an owner. */
const READ_FORM = `
local form = string.byte(head)
if head ~= '' and form ~= 49 and form ~= 50 then return ${CORRUPT} end
local at = form == 50 and 31 or 20
`;

// In two steps, since Lua reads no more than 32 bits where that is what a C long has.
const TIME = `
local function time(digits)
  local high, low = tonumber(string.sub(digits, 1, 5), 36), tonumber(string.sub(digits, 6), 36)
  return (high or 0) * 2176782336 + (low or 0)
end
`;

// A name goes when the time is over for which it vouches, and the index with its last name: so it needs
// no sweep. No record outlives its name, since the scripts below let none. A name that was over before it
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

/** Refuses unless the revision that must be live is the one that is. */
const CHECK = `
${READ_FORM}
if string.sub(head, at, at + #ARGV[1] - 1) ~= ARGV[1] or (ARGV[1] == '') ~= (head == '') then
  return ${REFUSED}
end
`;

/** NX, since nothing and a text of no character look alike. */
const WRITE = `
if head ~= '' then
  redis.call('SET', KEYS[1], text, 'PXAT', ARGV[2])
  return ${DONE}
end
return redis.call('SET', KEYS[1], text, 'PXAT', ARGV[2], 'NX') and ${DONE} or ${REFUSED}
`;

/**
 * Saves a record without owner. KEYS: the record. ARGV: the revision that must be live with a space
 * behind it, empty for none; when to expire; the record.
 */
const SAVE = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
${CHECK}
local text = ARGV[3]
${WRITE}`;

/**
 * Saves one with an owner. KEYS: the record, and the owner's index where it can be reached. ARGV: as
 * above, but of the record its head; then `until`; its rest; its owner; `until` in ms; the handle; and
 * whether the index names it already.
 */
const SAVE_OWNED = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63 + #ARGV[6])
${CHECK}
local till = ARGV[4]
if ARGV[9] ~= '1' then
  ${TIME}
  local vouched = string.sub(head, 13, 23)
  if form == 50 and time(vouched) >= time(string.sub(ARGV[3], 2))
    and string.match(head, '^%w+ %w+ ([^\\n]*)\\n', at) == ARGV[6] then
    till = vouched
  elseif KEYS[2] then
    ${NAME}
    name(KEYS[2], ARGV[8], ARGV[7])
  else
    return ${UNNAMED}
  end
end
local text = ARGV[3] .. till .. ARGV[5]
${WRITE}`;

/**
 * KEYS: the record. ARGV: `expiresAt`; when to expire; the revision that must be live with a space
 * behind it, empty for any; and where the index has just been written, what it vouches for: `until` and
 * the owner. Answers with the owner where its index must be written first.
 */
const TOUCH = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
${READ_FORM}
if head == '' or string.sub(head, at, at + #ARGV[3] - 1) ~= ARGV[3] then return ${REFUSED} end
local times = ARGV[1]
if form == 50 then
  ${TIME}
  if time(string.sub(head, 13, 23)) < time(ARGV[1]) then
    head = redis.call('GETRANGE', KEYS[1], 0, 1023)
    local owner = string.match(head, '^%w+ %w+ ([^\\n]*)\\n', at)
    if not owner then return ${CORRUPT} end
    if owner ~= ARGV[5] then return '${OWNER}' .. owner end
    times = times .. ARGV[4]
  end
end
redis.call('SETRANGE', KEYS[1], 1, times)
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
return ${DONE}
`;

/** KEYS: the record. ARGV: the revision that must be live with a space behind it. */
const DELETE = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
${READ_FORM}
if string.sub(head, at, at + #ARGV[1] - 1) ~= ARGV[1] then return ${REFUSED} end
return redis.call('DEL', KEYS[1])
`;

/** KEYS: the owner's index. ARGV: the handle, and until when it is to be named, in ms. */
const INDEX = `${NAME}
name(KEYS[1], ARGV[1], ARGV[2])
return ${DONE}
`;

/** The scripts of a store, with their names. */
export class Scripts {
  readonly save = new Script(SAVE);
  readonly saveOwned = new Script(SAVE_OWNED);
  readonly touch = new Script(TOUCH);
  readonly delete = new Script(DELETE);
  readonly index = new Script(INDEX);
}
