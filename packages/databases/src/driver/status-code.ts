/**
 * The database's own code for an error, as `db.response.status_code` has it: SQLSTATE, MySQL's and
 * MongoDB's number, the prefix of a Redis error. `undefined` for what the database did not say
 * itself, such as a broken connection. Never throws.
 */
export function statusCodeOf(system: string, error: unknown): string | undefined {
  try {
    if (typeof error !== 'object' || error === null) return undefined
    return READERS[system]?.(error) ?? undefined
  } catch {
    return undefined
  }
}

type Reader = (error: {
  code?: unknown
  errno?: unknown
  sqlState?: unknown
  message?: unknown
}) => string | undefined

const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/
const REDIS_PREFIX = /^[A-Z]{3,30}(?= |$)/

// A script may begin its own errors with any word.
const REDIS_CODES = new Set(
  `ASK BUSY BUSYGROUP BUSYKEY CLUSTERDOWN CROSSSLOT ERR EXECABORT INPROG IOERR LOADING MASTERDOWN
  MISCONF MOVED NOADDR NOAUTH NOGOODSLAVE NOGROUP NOMASTERLINK NOPERM NOPROTO NOQUORUM NOREPLICAS
  NOSCRIPT NOTBUSY NOTREADY OOM READONLY REDIRECT TRYAGAIN UNBLOCKED UNKILLABLE WRONGPASS WRONGTYPE`.split(
    /\s+/,
  ),
)

const sqlState: Reader = ({ code }) =>
  typeof code === 'string' && SQLSTATE.test(code) ? code : undefined

// Node's own errors have a number as well, a negative one.
const mysqlNumber: Reader = ({ errno, sqlState: state }) =>
  typeof errno === 'number' && errno > 0 && state !== undefined ? String(errno) : undefined

const READERS: Readonly<Record<string, Reader>> = {
  postgresql: sqlState,
  cockroachdb: sqlState,
  mysql: mysqlNumber,
  mariadb: mysqlNumber,
  mongodb: ({ code }) => (typeof code === 'number' ? String(code) : undefined),
  redis: ({ message }) => {
    const word = typeof message === 'string' ? REDIS_PREFIX.exec(message)?.[0] : undefined
    return word !== undefined && REDIS_CODES.has(word) ? word : undefined
  },
}
