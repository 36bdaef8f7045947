/**
 * What Redis does in one step: each script compares and writes while nobody else does anything.
 *
 * Of links there are, by the user's id, the hashes of versions, records and public ids; by the public id the hash of whose it is alone;
 * the set of users in their order, and that of public ids with their users. Of attempts the hashes of versions, records and users, the
 * set in the order of expiry, and that of users with their attempts. Versions are compared as the digits that they are written with: numbers of Lua have but 53 bits.
 */

const FORGET_PUBLIC_ID = String.raw`
local old = redis.call('HGET', public_id, user)
if old then
  redis.call('ZREM', found, old .. '\0' .. user)
  if redis.call('HGET', owner, old) == user then redis.call('HDEL', owner, old) end
end`;

export const PUT_LINK = String.raw`
local version, record, public_id, owner, order, found = unpack(KEYS)
local user, expected, new_version, new_public_id, shares, new_record = unpack(ARGV)
if (redis.call('HGET', version, user) or '') ~= expected then return 0 end
local holder = redis.call('HGET', owner, new_public_id)
if shares == '' and holder and holder ~= user then return 0 end
${FORGET_PUBLIC_ID}
redis.call('HSET', version, user, new_version)
redis.call('HSET', record, user, new_record)
redis.call('HSET', public_id, user, new_public_id)
if shares == '' then redis.call('HSET', owner, new_public_id, user) end
redis.call('ZADD', order, 0, user)
redis.call('ZADD', found, 0, new_public_id .. '\0' .. user)
return 1`;

export const REMOVE_LINK = `
local version, record, public_id, owner, order, found = unpack(KEYS)
local user, expected = unpack(ARGV)
if redis.call('HGET', version, user) ~= expected then return 0 end
${FORGET_PUBLIC_ID}
redis.call('HDEL', version, user)
redis.call('HDEL', record, user)
redis.call('HDEL', public_id, user)
redis.call('ZREM', order, user)
return 1`;

export const FIND_LINKS = String.raw`
local record, found = KEYS[2], KEYS[6]
local links = {}
for _, each in ipairs(redis.call('ZRANGE', found, '[' .. ARGV[1] .. '\0', '(' .. ARGV[1] .. '\1', 'BYLEX')) do
  links[#links + 1] = redis.call('HGET', record, each:sub(#ARGV[1] + 2))
end
return links`;

export const LIST_LINKS = `
local record, order = KEYS[2], KEYS[5]
local users = redis.call('ZRANGE', order, '(' .. ARGV[1], '+', 'BYLEX', 'LIMIT', 0, ARGV[2])
return #users == 0 and {} or redis.call('HMGET', record, unpack(users))`;

export const PUT_ATTEMPT = String.raw`
local version, record, expiry, owner, owned = unpack(KEYS)
local id, expected, new_version, expires_at, user, new_record = unpack(ARGV)
if (redis.call('HGET', version, id) or '') ~= expected then return 0 end
redis.call('HSET', version, id, new_version)
redis.call('HSET', record, id, new_record)
redis.call('HSET', owner, id, user)
redis.call('ZADD', expiry, expires_at, id)
redis.call('ZADD', owned, 0, user .. '\0' .. id)
return 1`;

const FORGET_ATTEMPTS = String.raw`
local function forget(ids)
  for _, id in ipairs(ids) do
    redis.call('ZREM', owned, (redis.call('HGET', owner, id) or '') .. '\0' .. id)
    redis.call('HDEL', version, id)
    redis.call('HDEL', record, id)
    redis.call('HDEL', owner, id)
    redis.call('ZREM', expiry, id)
  end
  return #ids
end`;

/** Removes some of those that have expired; says how many, 0 in the end. */
export const REMOVE_ATTEMPTS = `
local version, record, expiry, owner, owned = unpack(KEYS)
${FORGET_ATTEMPTS}
return forget(redis.call('ZRANGE', expiry, '-inf', '(' .. ARGV[1], 'BYSCORE', 'LIMIT', 0, 1000))`;

/** Removes some of a user's; says how many, 0 in the end. */
export const REMOVE_ATTEMPTS_OF = String.raw`
local version, record, expiry, owner, owned = unpack(KEYS)
${FORGET_ATTEMPTS}
local ids = {}
local from, to = '[' .. ARGV[1] .. '\0', '(' .. ARGV[1] .. '\1'
for _, each in ipairs(redis.call('ZRANGE', owned, from, to, 'BYLEX', 'LIMIT', 0, 1000)) do
  ids[#ids + 1] = each:sub(#ARGV[1] + 2)
end
return forget(ids)`;
