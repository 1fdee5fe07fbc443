/** A command as a driver sends it: its name, and what follows. */
export interface RedisCommand {
  readonly name: string
  readonly args: readonly unknown[]
}

/** The command in the words that a driver sends. */
export function commandOf([name, ...args]: readonly unknown[]): RedisCommand {
  return { name: String(name), args }
}

const words = (list: string): string[] => list.split(/\s+/)

// What may be shown of a command besides its name. Everything that is not listed here is `?`.

/** The first argument is a key, or the name of a channel. */
const KEY_FIRST = words(
  `append bitcount bitfield bitfield_ro bitpos decr decrby dump expire expireat expiretime get getbit
  getdel getex getrange getset hdel hexists hexpire hget hgetall hgetdel hgetex hincrby hincrbyfloat
  hkeys hlen hmget hmset hpersist hpexpire hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl
  hvals incr incrby incrbyfloat lindex linsert llen lpop lpos lpush lpushx lrange lrem lset ltrim
  move persist pexpire pexpireat pexpiretime pfadd psetex pttl publish restore rpop rpush rpushx sadd
  scard set setbit setex setnx setrange sismember smembers smismember sort sort_ro spop spublish
  srandmember srem sscan strlen substr ttl type xack xadd xautoclaim xclaim xdel xlen xpending xrange
  xrevrange xsetid xtrim zadd zcard zcount zincrby zlexcount zmscore zpopmax zpopmin zrandmember
  zrange zrangebylex zrangebyscore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore
  zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore geoadd geodist geohash geopos
  georadius georadiusbymember geosearch json.arrappend json.arrlen json.clear json.del json.get
  json.merge json.numincrby json.objkeys json.objlen json.set json.strlen json.toggle json.type`,
)

/** Every argument is a key, or the name of a channel. */
const KEYS_ONLY = words(
  `del exists mget pfcount pfmerge psubscribe punsubscribe rename renamenx rpoplpush sdiff sdiffstore
  sinter sinterstore ssubscribe subscribe sunion sunionstore sunsubscribe touch unlink unsubscribe
  watch`,
)

/** The first two arguments are keys. */
const TWO_KEYS = words('blmove brpoplpush copy geosearchstore lmove smove zrangestore')

/** Keys and values alternate. */
const ALTERNATING_KEYS = words('mset msetnx')

/** The first argument is the number of keys that follow it. */
const COUNTED_KEYS = words('zdiff zinter zintercard zunion sintercard lmpop zmpop')

/** The same after a script or the name of a function. */
const SCRIPTS = words('eval eval_ro evalsha evalsha_ro fcall fcall_ro')

/** The first argument is a part of the command's name. */
const CONTAINERS = words(
  `acl client cluster command config debug function latency memory module object pubsub script
  slowlog xgroup xinfo`,
)

type Shown = (args: readonly unknown[]) => (index: number) => boolean

const first: Shown = () => (index) => index === 0
const countedKeys = (args: readonly unknown[], from: number) => {
  const last = from - 1 + countIn(args[from - 1])
  // An impossible count does not tell which arguments are keys.
  return (index: number) => last < args.length && index >= from - 1 && index <= last
}

/** A count in the only spelling that the server accepts: not `1e0`, ` 1`, `+1` or `01`. */
const COUNT = /^(0|[1-9]\d{0,8})$/
function countIn(arg: unknown): number {
  return COUNT.test(String(arg)) ? Number(arg) : Number.NaN
}

const SHOWN: ReadonlyMap<string, Shown> = new Map([
  ...each(KEY_FIRST, first),
  ...each(KEYS_ONLY, () => () => true),
  ...each(TWO_KEYS, () => (index) => index < 2),
  ...each(ALTERNATING_KEYS, () => (index) => index % 2 === 0),
  ...each(COUNTED_KEYS, (args) => countedKeys(args, 1)),
  ...each(SCRIPTS, (args) => countedKeys(args, 2)),
])

const CONTAINER: ReadonlySet<string> = new Set(CONTAINERS)
const SUBCOMMAND = /^[a-z-]{2,20}$/i
const NAME = /^[a-z][a-z0-9._|-]{0,40}$/i
const MAX_SHOWN_ARGUMENTS = 20
const MAX_KEY_CHARACTERS = 256

/** The name of a command for a span: in capitals, with its second word where it has one. */
export function operationOf({ name, args }: RedisCommand): string {
  const operation = NAME.test(name) ? name.toUpperCase() : '?'
  const [word] = args
  const isWord = CONTAINER.has(name.toLowerCase()) && SUBCOMMAND.test(String(word))
  return isWord ? `${operation} ${String(word).toUpperCase()}` : operation
}

/**
 * A command as its span may show it: `HSET cart:7 ? ?`. Keys are shown, truncated to 256 characters;
 * values, scripts and everything unknown are `?`; what follows the 20th argument is left out.
 */
export function textOf(command: RedisCommand): string {
  const { name, args } = command
  const operation = operationOf(command)
  const from = operation.includes(' ') ? 1 : 0
  const isShown = SHOWN.get(name.toLowerCase())?.(args)
  const shown = args
    .slice(from, MAX_SHOWN_ARGUMENTS)
    .map((arg, index) => (isShown?.(index) === true ? showKey(arg) : '?'))
  const more = args.length > MAX_SHOWN_ARGUMENTS ? ['…'] : []
  return [operation, ...shown, ...more].join(' ')
}

function showKey(key: unknown): string {
  if (typeof key !== 'string' && typeof key !== 'number') return '?'
  const text = String(key)
  return text.length > MAX_KEY_CHARACTERS ? `${text.slice(0, MAX_KEY_CHARACTERS)}…` : text
}

function each(names: readonly string[], shown: Shown): [string, Shown][] {
  return names.map((name) => [name, shown])
}
