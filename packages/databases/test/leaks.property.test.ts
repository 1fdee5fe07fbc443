import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { traceQuery } from '../src/index.ts'

/** What must not be seen: nothing in the statements below has these letters. */
const secret = fc
  .array(fc.constantFrom(...'zqjkxw'), { minLength: 4, maxLength: 8 })
  .map((letters) => `zq${letters.join('')}`)
const digits = fc.integer({ min: 10_000_000, max: 999_999_999 }).map(String)

/** A value with the secret inside of all that may lead a scanner astray. */
const value = fc
  .tuple(
    secret,
    fc.array(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '--',
        '/*',
        '*/',
        '#',
        '$',
        '$$',
        ';',
        '?',
        '(',
        ')',
        '\n',
        ' ',
        'E',
        'in',
        'from',
      ),
      { maxLength: 6 },
    ),
    fc.array(
      fc.constantFrom("'", '"', '\\', '--', '/*', '*/', '$', '$b$', ';', ',', '\n', ' from '),
      { maxLength: 6 },
    ),
  )
  .map(([hidden, before, after]) => ({ hidden, text: before.join('') + hidden + after.join('') }))

interface Planted {
  readonly hidden: string
  readonly sql: string
}

const doubled = (quote: string, text: string): string =>
  quote + text.replaceAll(quote, quote + quote) + quote
const escaped = (quote: string, text: string): string =>
  quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote
const ofValue = (write: (text: string) => string): fc.Arbitrary<Planted> =>
  value.map(({ hidden, text }) => ({ hidden, sql: write(text) }))
const ofDigits = (write: (text: string) => string): fc.Arbitrary<Planted> =>
  digits.map((hidden) => ({ hidden, sql: write(hidden) }))

const numbers = fc.oneof(
  ofDigits((text) => text),
  ofDigits((text) => `-${text}`),
  ofDigits((text) => `+${text}.5`),
  ofDigits((text) => `0.${text}`),
  ofDigits((text) => `.${text}`),
  ofDigits((text) => `${text}e-5`),
  ofDigits((text) => `1e${text}`),
  ofDigits((text) => `0x${text}`),
)
const hex = (quote: string): fc.Arbitrary<Planted> => ofDigits((text) => `${quote}'${text}'`)
const comments = fc.oneof(
  secret.map((hidden) => ({ hidden, sql: `/* it's ${hidden} */ 1` })),
  secret.map((hidden) => ({ hidden, sql: `-- it's "${hidden}\n 1` })),
)
// Where a carriage return ends no comment, and where nobody knows.
const returned = secret.map((hidden) => ({ hidden, sql: `-- it's\r don't\n '${hidden}'` }))
const returnedOrNot = secret.chain((hidden) =>
  fc.constantFrom(
    { hidden, sql: `-- it's\r don't\n '${hidden}'` },
    { hidden, sql: `-- a\r 'b\n ${hidden}'` },
  ),
)
/** A string in three quotes, as GoogleSQL and ES|QL have it. */
const triple = (quote: string, prefix = ''): fc.Arbitrary<Planted> =>
  ofValue((text) => {
    const inside = `a${text.replaceAll('\\', '').replaceAll(quote.repeat(3), quote)}a`
    return prefix + quote.repeat(3) + inside.replaceAll(quote.repeat(3), quote) + quote.repeat(3)
  })
const standard = ofValue((text) => doubled("'", text))

const literals: Readonly<Record<string, fc.Arbitrary<Planted>>> = {
  postgresql: fc.oneof(
    standard,
    numbers,
    comments,
    hex('x'),
    ofValue((text) => `E${escaped("'", text)}`),
    ofValue((text) => `E'a'\n${escaped("'", text)}`),
    ofValue((text) => `e${doubled("'", text.replaceAll('\\', '\\\\'))}`),
    ofValue((text) => `N${doubled("'", text)}`),
    ofValue((text) => `U&${doubled("'", text)}`),
    ofValue((text) => `$$${text.replaceAll('$', '')}$$`),
    ofValue((text) => `$a_$${text}$a_$`),
  ),
  cockroachdb: fc.oneof(
    standard,
    numbers,
    comments,
    hex('x'),
    returned,
    ofValue((text) => `b${escaped("'", text)}`),
    ofValue((text) => `e${escaped("'", text)}`),
    ofValue((text) => `$a_$${text}$a_$`),
  ),
  mysql: fc.oneof(
    numbers,
    comments,
    hex('X'),
    returned,
    secret.map((hidden) => ({ hidden, sql: `--\x7fit's ${hidden}\n 1` })),
    secret.map((hidden) => ({ hidden, sql: `# it's\r${hidden}'\n 1` })),
    secret.map((hidden) => ({ hidden, sql: `/*!99999 /* */ it's */ '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `# it's ${hidden}\n 1` })),
    secret.map((hidden) => ({ hidden, sql: `/*!50000 'a*/${hidden}' */ 1` })),
    ofValue((text) => escaped("'", text)),
    ofValue((text) => escaped('"', text)),
    ofValue((text) => doubled("'", text.replaceAll('\\', '\\\\'))),
    ofValue((text) => doubled('"', text.replaceAll('\\', '\\\\'))),
    ofValue((text) => `_utf8mb4${escaped("'", text)}`),
    ofValue((text) => `N${escaped("'", text)}`),
  ),
  sqlite: fc.oneof(standard, numbers, comments, hex('x'), returned),
  'microsoft.sql_server': fc.oneof(
    standard,
    numbers,
    comments,
    ofValue((text) => `N${doubled("'", text)}`),
    ofDigits((text) => `$${text}.00`),
    ofDigits((text) => `€${text}`),
    returnedOrNot,
  ),
  'oracle.db': fc.oneof(
    standard,
    numbers,
    comments,
    ofValue((text) => `q'[${text}]'`),
    ofValue((text) => `Nq'!${text}!'`),
    returnedOrNot,
  ),
  // Nobody knows how it reads a backslash: what is right in either reading must be hidden.
  'nobody-knows': fc.oneof(
    standard,
    numbers,
    comments,
    secret.map((hidden) => ({ hidden, sql: `# it's ${hidden}\n 1` })),
    secret.map((hidden) => ({ hidden, sql: `[it's] = '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `1--'\n${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `// it's\n '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `/* a /* */ 'x */ ${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `/* a /* b */ it's */ '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `/*!9 it's */ '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `{ it's } '${hidden}'` })),
    secret.map((hidden) => ({ hidden, sql: `\`a\\\`\`, 'it\`s ${hidden}'` })),
    returnedOrNot,
    hex('b'),
    hex('x'),
    hex('rb'),
    ofDigits((text) => `€${text}`),
    fc.uuid().map((hidden) => ({ hidden: hidden.slice(0, 13), sql: hidden })),
    triple("'"),
    triple('"'),
    ...['r', 'b', 'B', 'rb', 'bR', 'x', 'e', 'n'].flatMap((prefix) => [
      triple("'", prefix),
      triple('"', prefix),
      ofValue((text) => prefix + escaped("'", text)),
    ]),
    ofValue((text) => escaped("'", text)),
    ofValue((text) => escaped('"', text)),
    ofValue((text) => doubled('"', text)),
    ofValue((text) => `$$${text.replaceAll('$', '')}$$`),
  ),
}

const statement = fc.constantFrom(
  '{}',
  'SELECT a FROM t WHERE b = {}',
  'SELECT a FROM t WHERE b={} AND c LIKE {} OR d > {}',
  'INSERT INTO t (a, b) VALUES ({}, {}), ({},{})',
  'UPDATE t SET a = {}, b = f({}) WHERE c IN ({}, {}, {})',
  'SELECT {} FROM {} JOIN {} ON {}',
  'DELETE FROM t WHERE a BETWEEN {} AND {}',
  'SELECT * FROM t LIMIT {} OFFSET {}',
  'CALL p({}, {})',
  'BEGIN; SET x = {}; COMMIT',
  'CREATE TABLE t (a text DEFAULT {})',
  'SELECT a -> {} -> {} FROM t',
  'SELECT CASE WHEN a = {} THEN {} ELSE {} END',
)

describe('traceQuery()', () => {
  let recorder: Recorder
  beforeAll(() => {
    recorder = createRecorder()
  })
  afterAll(() => recorder.shutdown())

  for (const [system, literal] of Object.entries(literals)) {
    it(`shows no literal of a statement for ${system}, whole or cut off`, () => {
      const cut = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 })
      const sample = fc.tuple(statement, fc.array(literal, { minLength: 5, maxLength: 5 }), cut)
      fc.assert(
        fc.property(sample, ([template, planted, cutAt]) => {
          let next = 0
          const whole = template.replace(/\{\}/g, () => planted[next++]?.sql ?? '')
          const text = cutAt === null ? whole : whole.slice(0, whole.length * cutAt)
          traceQuery({ system, text }, () => 1)
          const [span] = recorder.take()
          const shown = `${span?.name} ${JSON.stringify(span?.attributes)}`
          for (const { hidden } of planted) {
            if (shown.includes(hidden)) throw new Error(`${hidden} of ${text} is in ${shown}`)
          }
        }),
        { numRuns: 2000 },
      )
    })
  }

  const shownOf = (system: string, text: string): string => {
    traceQuery({ system, text }, () => 1)
    const [span] = recorder.take()
    return `${span?.name} ${JSON.stringify(span?.attributes)}`
  }
  const SYSTEMS = [...Object.keys(literals), 'mariadb', 'clickhouse', 'gcp.spanner', 'other_sql']

  it('shows no string in double quotes where a value stands, also where it may be a name', () => {
    const places = [
      'SELECT a FROM t WHERE b = {}',
      'SELECT {}, {} FROM t',
      'INSERT INTO t VALUES ({}, {})',
      'UPDATE t SET a = {} WHERE b IS DISTINCT FROM {}',
      'SELECT a FROM t WHERE b IN ({}, {}) LIMIT {}',
    ]
    const system = fc.constantFrom(
      'sqlite',
      'microsoft.sql_server',
      'mysql',
      'mariadb',
      'other_sql',
    )
    fc.assert(
      fc.property(system, fc.constantFrom(...places), value, (name, place, { hidden, text }) => {
        const sql = place.replaceAll('{}', doubled('"', text.replaceAll('\\', '')))
        expect(shownOf(name, sql)).not.toContain(hidden)
      }),
      { numRuns: 2000 },
    )
  })

  it('shows nothing of a UUID without quotes that the end of the text has cut off', () => {
    const uuid = 'a0000000-a000-a000-a000-a00000000000'
    for (let length = 10; length <= uuid.length; length += 1) {
      const text = `SELECT a FROM t WHERE b = ${uuid.slice(0, length)}`
      expect(shownOf('nobody-knows', text)).not.toContain('a0000000')
    }
  })

  it('shows no password, however it is written', () => {
    const places = [
      'ALTER USER jane IDENTIFIED BY {}',
      'alter user jane identified by {} replace {} account unlock',
      'CREATE USER jane IDENTIFIED WITH sha256 BY {}',
      'GRANT CONNECT TO jane IDENTIFIED BY {}',
      'CREATE DATABASE LINK l CONNECT TO jane IDENTIFIED BY {} USING 1',
      'SET ROLE r IDENTIFIED BY {}',
      'ALTER ROLE jane WITH LOGIN PASSWORD {} VALID UNTIL 1',
      'CREATE LOGIN jane WITH PASSWORD = {}',
      'CREATE USER jane PASSWORD {}',
      'SET PASSWORD = {}',
      'SET PASSWORD FOR jane = PASSWORD({})',
      'BEGIN; ALTER USER jane IDENTIFIED BY {}; COMMIT',
    ]
    const written = secret.chain((hidden) =>
      fc
        .constantFrom(hidden, `${hidden}#12`, `a$${hidden}`, `'${hidden}'`, `"${hidden}"`)
        .map((sql) => ({ hidden, sql })),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...SYSTEMS),
        fc.constantFrom(...places),
        written,
        (system, place, { hidden, sql }) => {
          expect(shownOf(system, place.replaceAll('{}', sql))).not.toContain(hidden)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('shows nothing of the data that stand after a statement', () => {
    const heads = [
      'INSERT INTO t FORMAT CSV ',
      'insert into t (a, b) settings async_insert=1 format TabSeparated\n',
      'INSERT INTO t FORMAT JSONEachRow\n',
      'INSERT INTO t SETTINGS a = 1 FORMAT Values ',
      "INSERT INTO t SELECT * FROM input('a String') FORMAT TSKV\n",
    ]
    const copies = [
      'COPY t (a) FROM STDIN;\n',
      'copy t from stdin with (format csv)\n',
      'COPY t FROM STDIN WITH CSV\n',
    ]
    const head = fc.oneof(
      fc.tuple(fc.constantFrom('clickhouse', 'chdb', 'other_sql'), fc.constantFrom(...heads)),
      fc.tuple(fc.constantFrom(...SYSTEMS), fc.constantFrom(...copies)),
    )
    fc.assert(
      fc.property(head, value, ([system, begin], { hidden, text }) => {
        expect(shownOf(system, `${begin}1,${text}\n2\t${text}`)).not.toContain(hidden)
      }),
      { numRuns: 2000 },
    )
  })

  it('shows no value of a command that is not SQL', () => {
    const commands = [
      'SET user:1 {}',
      'HSET user:1 name {}',
      'set user:1 0 900 6\r\n{}',
      'replace user:1 0 900 6\r\n{}',
      'login,user={} value=1',
      'INSERT login,user={} value=1',
      'db.users.find({ name: {} })',
      'GET /users/_search?q={}',
      '{ "query": { "match": { "user": "{}" } } }',
      "g.V().has('name', '{}')",
      'AUTH {}',
      '.ingest inline into table t <| 1,{}',
    ]
    const systems = 'redis valkey memcached influxdb mongodb elasticsearch some_new_database'.split(
      ' ',
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...systems),
        fc.constantFrom(...commands),
        secret,
        (system, command, hidden) => {
          expect(shownOf(system, command.replace('{}', hidden))).not.toContain(hidden)
        },
      ),
    )
  })
})
