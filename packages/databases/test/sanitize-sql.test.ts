import { describe, expect, it } from '@jest/globals'
import { hideBareValues } from '../src/sql/bare-values.ts'
import { dialectOf } from '../src/sql/dialect.ts'
import { hideSettings } from '../src/sql/language.ts'
import { hidePasswords } from '../src/sql/passwords.ts'
import { sanitizeSql } from '../src/sql/sanitize.ts'
import { createStatementReader } from '../src/sql/statement.ts'
import { summarizeSql } from '../src/sql/summarize.ts'
import { tokenizeSql } from '../src/sql/tokenize.ts'

const sanitize = (text: string, system = 'postgresql'): string =>
  sanitizeSql(tokenizeSql(text, dialectOf(system)))

describe('a sanitised statement', () => {
  it.each([
    // Strings.
    ["SELECT 'it''s'", 'SELECT ?'],
    ["SELECT 'a' || 'b'", 'SELECT ? || ?'],
    ["a='x'AND b='y'", 'a=?AND b=?'],
    ["SELECT E'it\\'s', 1", 'SELECT ?, ?'],
    ["SELECT e'\\\\', name", 'SELECT ?, name'],
    ["SELECT 'a\\' , name", 'SELECT ? , name'],
    ["SELECT E'a'\n  'b\\'secret', name", 'SELECT ?, name'],
    ["SELECT E'a' -- it's\n 'b\\'secret', name", 'SELECT ?, name'],
    ["SELECT E'a', 'b\\', name", 'SELECT ?, ?, name'],
    ["SELECT X'ff', B'01', N'x', U&'\\0061'", 'SELECT ?, ?, ?, U&?'],
    ["SELECT DATE '2026-11-22', INTERVAL '1 day'", 'SELECT DATE ?, INTERVAL ?'],
    ['SELECT $$it is$$, $a_1$x $$ y$a_1$', 'SELECT ?, ?'],
    ['SELECT a$b$c FROM t', 'SELECT a$b$c FROM t'],
    // Numbers.
    ['SELECT 1, 1.5, .5, 5., 1e5, 1.5E-10, -3, 0xff, 1_000', 'SELECT ?, ?, ?, ?, ?, ?, -?, ?, ?'],
    ['SELECT a1, t2.b3 FROM utf8 LIMIT 10', 'SELECT a1, t2.b3 FROM utf8 LIMIT ?'],
    ['SELECT 5-3', 'SELECT ?-?'],
    ['SELECT a[1:22]', 'SELECT a[?:?]'],
    // Words.
    ['SELECT TRUE, false, NULL', 'SELECT ?, ?, NULL'],
    // Parameters.
    [
      'WHERE a = $1 AND b = ?1 AND c = ? AND d = :name',
      'WHERE a = $1 AND b = ?1 AND c = ? AND d = :name',
    ],
    ['WHERE a = $4111111111', 'WHERE a = $?'],
    ['SELECT $1::int', 'SELECT $1::int'],
    ["SELECT data ->> 'key', data ? 'key'", 'SELECT data ->> ?, data ? ?'],
    // Names.
    ['SELECT "it\'s" FROM "a ""b"""', 'SELECT "it\'s" FROM "a ""b"""'],
    // Comments.
    ["SELECT 1 -- 'it\n, name", 'SELECT ? , name'],
    ["SELECT/* 'it */name", 'SELECT name'],
    ['SELECT /* a /* b */ c */ name', 'SELECT name'],
    ['  SELECT\n\t name  ', 'SELECT name'],
    // Lists.
    ["a IN (1, 'b', -3)", 'a IN (?)'],
    ['a NOT IN(1,2)', 'a NOT IN(?)'],
    ['a IN (SELECT 1)', 'a IN (SELECT ?)'],
    ['a IN ()', 'a IN ()'],
    ['a IN ($1, $2)', 'a IN ($1, $2)'],
    // What is not closed.
    ["SELECT 'secret FROM t", 'SELECT ?'],
    ['SELECT "secret FROM t', 'SELECT ?'],
    ['SELECT $a$secret$b$ FROM t', 'SELECT ?'],
    ['SELECT name /* secret', 'SELECT name'],
    // Three quotes are one, and what encloses it.
    ["SELECT '''', '''a''', name", 'SELECT ?, ?, name'],
    ["SELECT 1 -- it's\r, name", 'SELECT ? , name'],
    // Data.
    ['COPY t (a) FROM STDIN', 'COPY t (a) FROM STDIN'],
    [
      "COPY t FROM STDIN WITH (FORMAT csv,\n NULL 'x');",
      'COPY t FROM STDIN WITH (FORMAT csv, NULL ?);',
    ],
    ['COPY t FROM STDIN;\n1\tsecret\n\\.', 'COPY t FROM STDIN ?'],
    ['INSERT INTO t SELECT a format FROM u', 'INSERT INTO t SELECT a format FROM u'],
  ])('of PostgreSQL: %s', (text, expected) => {
    expect(sanitize(text)).toBe(expected)
  })

  it.each([
    ["SELECT 'it\\'s', name", 'SELECT ?, name'],
    ["SELECT 'a\\\\', name", 'SELECT ?, name'],
    ['SELECT "it\\"s", "a""b", name', 'SELECT ?, ?, name'],
    ['SELECT `a``b` FROM `t`', 'SELECT `a``b` FROM `t`'],
    ["SELECT name # 'secret\nFROM t", 'SELECT name FROM t'],
    ["SELECT name -- 'secret\nFROM t", 'SELECT name FROM t'],
    ['SELECT 5--3', 'SELECT ?--?'],
    ["SELECT 1 -- it's\r don't\n, name", 'SELECT ? , name'],
    ["SELECT 1 # it's\r don't\n, name", 'SELECT ? , name'],
    ["SELECT 1 --\x7fit's\n, name", 'SELECT ? , name'],
    ["SELECT 1 --\xa0it's\n, name", 'SELECT ?'],
    ["SELECT _utf8mb4'x', N'x\\'y', x'ff', 0xff", 'SELECT _utf8mb4?, ?, ?, ?'],
    ['SELECT @total, @@version, @`a b`', 'SELECT @total, @@version, @`a b`'],
    ["CREATE USER 'jane'@'host' IDENTIFIED BY 'x'", 'CREATE USER ?@? IDENTIFIED BY ?'],
    ['SELECT /* a /* b */ name', 'SELECT name'],
    ['SELECT /*!50000 HIGH_PRIORITY */ name', 'SELECT name'],
    // What is in it is a part of the statement for some servers, and not for others.
    ["SELECT /*!50000 'a*/secret' */, 'secret'", 'SELECT'],
    ["SELECT /*M!100100 it's */ 'secret', 'secret'", 'SELECT'],
  ])('of MySQL and MariaDB: %s', (text, expected) => {
    expect(sanitize(text, 'mysql')).toBe(expected)
    expect(sanitize(text, 'mariadb')).toBe(expected)
  })

  it.each([
    [
      'microsoft.sql_server',
      "SELECT [it's], N'x', $5.00, @p1 FROM #t",
      "SELECT [it's], ?, $?, @p1 FROM #t",
    ],
    ['microsoft.sql_server', 'SELECT [a]]b]', 'SELECT [a]]b]'],
    ['sqlite', "SELECT [a], `b`, x'ff', ?12, $name", 'SELECT [a], `b`, ?, ?12, $name'],
    // A name that no column has is a string to it, so "…" is shown where only a name can stand.
    [
      'sqlite',
      'SELECT "u"."id", u."a", "u".* FROM "users" JOIN "b" WHERE name = "secret" OR "secret" = a',
      'SELECT "u"."id", u."a", "u".* FROM "users" JOIN "b" WHERE name = ? OR ? = a',
    ],
    ['sqlite', 'UPDATE "t" SET a = "secret"', 'UPDATE "t" SET a = ?'],
    ['sqlite', 'INSERT INTO "t" VALUES ("secret")', 'INSERT INTO "t" VALUES (?)'],
    [
      'sqlite',
      'SELECT a FROM t WHERE a IS DISTINCT FROM "secret"',
      'SELECT a FROM t WHERE a IS DISTINCT FROM ?',
    ],
    ['sqlite', "SELECT a -- it's\r don't\n, 'secret'", 'SELECT a , ?'],
    [
      'microsoft.sql_server',
      'SELECT [a] FROM "t" WHERE b = "secret"',
      'SELECT [a] FROM "t" WHERE b = ?',
    ],
    ['microsoft.sql_server', "SELECT a -- it's\r\n, 'secret', £5", 'SELECT a , ?, ?'],
    ['microsoft.sql_server', "SELECT a -- a\r it's, 'secret'", 'SELECT a'],
    ['cockroachdb', "SELECT b'a\\'secret', x'ff', e'it\\'s', name", 'SELECT ?, ?, ?, name'],
    ['cockroachdb', "SELECT 1 -- it's\r don't\n, name", 'SELECT ? , name'],
    ['oracle.db', 'SELECT "a" FROM "t" WHERE b = \'x\'', 'SELECT "a" FROM "t" WHERE b = ?'],
    [
      'oracle.db',
      "SELECT q'[it's]', nq'!it's!', :1, :b FROM dual",
      'SELECT ?, ?, :1, :b FROM dual',
    ],
  ])('of %s: %s', (system, text, expected) => {
    expect(sanitize(text, system)).toBe(expected)
  })

  it('of an unknown database hides everything after a quote that may or may not be escaped', () => {
    expect(sanitize("SELECT 'a\\' AND b = 'secret'", 'other')).toBe('SELECT ?')
    expect(sanitize("SELECT \"secret\", q'[it's]'", 'other')).toBe('SELECT ?, ?')
  })

  it.each([
    ["SELECT a # it's\n, 'secret'", 'SELECT a'],
    ["SELECT a --it's\n, 'secret'", 'SELECT a'],
    ["SELECT a -- it's\n, 'secret'", 'SELECT a , ?'],
    ["SELECT [it's], 'secret'", 'SELECT ?'],
    ["SELECT {it's}, 'secret'", 'SELECT ?'],
    ["SELECT a // it's\n, 'secret'", 'SELECT a'],
    ["SELECT a // why\n, 'secret'", 'SELECT a , ?'],
    ["SELECT a -- a\r it's, 'secret'", 'SELECT a'],
    ["SELECT a -- it's\r\n, 'secret'", 'SELECT a , ?'],
    ['SELECT a /* b /* c */ d */, e', 'SELECT a , e'],
    ["SELECT a /* b /* c */ it's */, 'secret'", 'SELECT a'],
    ["SELECT '''it's secret''', b", 'SELECT ?'],
    ['SELECT \'\'\'it is secret\'\'\', """so is it""", b', 'SELECT ?, ?, b'],
    ['SELECT r"""it"s secret""", b', 'SELECT r?'],
    ["SELECT '''' AS q, b", 'SELECT ? AS q, b'],
    ["SELECT b'a\\'secret', c", 'SELECT ?'],
    ["SELECT `a\\`` , 'it`s secret", 'SELECT ?'],
    ['SELECT NaN, -Infinity, 550e8400-e29b-41d4-a716-446655440000, a', 'SELECT ?, -?, ?, a'],
    ['SELECT {id:UInt32}, $1, :a FROM t', 'SELECT {id:UInt32}, $1, :a FROM t'],
    [
      'INSERT INTO t (a) SETTINGS b = 1 FORMAT CSV\n1,secret',
      'INSERT INTO t (a) SETTINGS b = ? FORMAT CSV ?',
    ],
    ['INSERT INTO t SELECT a FROM u FORMAT CSV', 'INSERT INTO t SELECT a FROM u FORMAT CSV'],
    ['SELECT a FROM t FORMAT JSON', 'SELECT a FROM t FORMAT JSON'],
    [
      "SELECT a FROM b WHERE c IN ['secret', 'secret'] AND d",
      'SELECT a FROM b WHERE c IN [?, ?] AND d',
    ],
  ])('of a database nobody knows hides what one of two readings shows: %s', (text, expected) => {
    expect(sanitize(text, 'other')).toBe(expected)
  })

  const read = (text: string, system: string): string | undefined =>
    createStatementReader(system).read(text, false).text

  it.each([
    [
      'oracle.db',
      'ALTER USER u IDENTIFIED BY secret#1 REPLACE "old"',
      'ALTER USER u IDENTIFIED BY ? REPLACE ?',
    ],
    [
      'oracle.db',
      "CREATE USER u IDENTIFIED EXTERNALLY AS 'x'",
      'CREATE USER u IDENTIFIED EXTERNALLY AS ?',
    ],
    ['mysql', "ALTER USER u IDENTIFIED BY PASSWORD '*x'", 'ALTER USER u IDENTIFIED BY PASSWORD ?'],
    ['mysql', 'ALTER USER u PASSWORD EXPIRE NEVER', 'ALTER USER u PASSWORD EXPIRE NEVER'],
    ['mysql', 'SET PASSWORD FOR u = PASSWORD("x")', 'SET PASSWORD FOR u = PASSWORD(?)'],
    ['postgresql', 'ALTER ROLE u PASSWORD "x" LOGIN', 'ALTER ROLE u PASSWORD ? LOGIN'],
    ['postgresql', 'ALTER ROLE u PASSWORD NULL', 'ALTER ROLE u PASSWORD NULL'],
    ['postgresql', 'SELECT password FROM t', 'SELECT password FROM t'],
    [
      'postgresql',
      "CREATE SUBSCRIPTION s CONNECTION 'password=x' PUBLICATION p",
      'CREATE SUBSCRIPTION s CONNECTION ? PUBLICATION p',
    ],
    ['ibm.db2', 'CONNECT TO d USER u USING secret', 'CONNECT TO d USER u USING ?'],
    [
      'ibm.db2',
      'CONNECT TO d USER u USING a NEW b CONFIRM b',
      'CONNECT TO d USER u USING ? NEW ? CONFIRM ?',
    ],
    ['ibm.db2', 'ATTACH TO n USER u USING secret', 'ATTACH TO n USER u USING ?'],
    ['sap.hana', 'CONNECT u PASSWORD "secret"', 'CONNECT u PASSWORD ?'],
    [
      'oracle.db',
      'ADMINISTER KEY MANAGEMENT ALTER KEYSTORE PASSWORD IDENTIFIED BY a SET b WITH BACKUP',
      'ADMINISTER KEY MANAGEMENT ALTER KEYSTORE PASSWORD IDENTIFIED BY ? SET ? WITH BACKUP',
    ],
    [
      'oracle.db',
      'ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY a',
      'ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY ?',
    ],
    ['postgresql', 'SET search_path TO shop', 'SET search_path TO shop'],
    ['postgresql', 'SET LOCAL app.tenant = acme; SELECT a', 'SET LOCAL app.tenant = ?; SELECT a'],
    ['postgresql', 'set "app".tenant to "acme", b', 'set "app".tenant to ?, ?'],
    ['postgresql', 'ALTER ROLE u SET app.key TO acme', 'ALTER ROLE u SET app.key TO ?'],
    ['postgresql', 'UPDATE t SET a.b = c', 'UPDATE t SET a.b = c'],
    ['sqlite', 'PRAGMA key = secret', 'PRAGMA key = ?'],
    ['sqlite', 'PRAGMA main.rekey(secret)', 'PRAGMA main.rekey(?)'],
    ['sqlite', 'PRAGMA journal_mode = wal', 'PRAGMA journal_mode = wal'],
    ['sqlite', "ATTACH 'a' AS b KEY secret", 'ATTACH ? AS b KEY ?'],
    ['microsoft.sql_server', 'EXEC dbo.p secret, [b c], @d', 'EXEC dbo.p ?, ?, @d'],
    [
      'microsoft.sql_server',
      'SET NOCOUNT ON EXEC @r = p @a = secret, @b = @c OUTPUT, @d = DEFAULT SELECT a FROM b',
      'SET NOCOUNT ON EXEC @r = p @a = ?, @b = @c OUTPUT, @d = DEFAULT SELECT a FROM b',
    ],
    ['microsoft.sql_server', 'EXEC p WITH RECOMPILE', 'EXEC p WITH RECOMPILE'],
    ['microsoft.sql_server', 'EXECUTE AS USER = secret', 'EXECUTE AS USER = secret'],
    ['microsoft.sql_server', 'GRANT EXECUTE ON p TO u', 'GRANT EXECUTE ON p TO u'],
    ['other_sql', 'SET a TO secret; SELECT 1', 'SET ?; SELECT ?'],
  ])('hides passwords and settings of %s: %s', (system, text, expected) => {
    expect(read(text, system)).toBe(expected)
  })

  it.each([
    [
      "SELECT a FROM cpu WHERE host =~ /it's/ AND key = 'secret'",
      'SELECT a FROM cpu WHERE host =~ ? AND key = ?',
    ],
    [
      "SELECT a FROM cpu WHERE host !~ /se\\/cret'/ AND b = 'c'",
      'SELECT a FROM cpu WHERE host !~ ? AND b = ?',
    ],
    ["SELECT a FROM /it's/ WHERE key = 'secret'", 'SELECT a FROM ? WHERE key = ?'],
    ['SELECT a FROM cpu WHERE host =~ /secret', 'SELECT a FROM cpu WHERE host =~ ?'],
    ['SELECT a / b, c / d FROM cpu', 'SELECT a / b, c / d FROM cpu'],
    ['show,host=secret v=1', undefined],
    ['INSERT INTO t FORMAT `CSV` secret', 'INSERT INTO t FORMAT `CSV` ?'],
    ['INSERT INTO t FORMAT "CSV" secret', 'INSERT INTO t FORMAT ? ?'],
  ])('hides the regular expressions and the data of a system of its own: %s', (text, expected) => {
    expect(read(text, 'influxdb')).toBe(expected)
  })

  it.each([
    ['redis', 'GET user:1'],
    ['Redis', 'SET user:1 secret'],
    ['mongodb', 'SELECT 1'],
    ['influxdb', 'INSERT login,user=secret value=1'],
    ['elasticsearch', '{ "query": { "match": { "a": "b" } } }'],
    ['some_new_database', 'g.V().count()'],
  ])('leaves out what is not SQL, of %s: %s', (system, text) => {
    expect(read(text, system)).toBeUndefined()
  })

  it('leaves out what is not SQL also where it has been seen with values before', () => {
    const reader = createStatementReader('some_new_database')
    expect(reader.read('PUT a secret', true).text).toBe('PUT a secret')
    expect(reader.read('PUT a secret', false).text).toBeUndefined()
  })

  it('takes time in proportion to its length', () => {
    // The time that others use of the machine does not count.
    const started = process.cpuUsage()
    for (const part of [
      "'",
      '"',
      '`',
      '/*',
      '--',
      '$$',
      '$a',
      '\\',
      "E'",
      'a.',
      '((',
      'IN (',
      '1e',
      '?1',
      '[',
      '[ ',
      '#\n',
      '--x\n',
      '/*!a*/',
      "E'' ",
      '--\r',
      '--\xa0\r\n',
      '/*/',
      '/*/*a*/',
      '//',
      '//a\r\n',
      '{',
      "'''",
      "''''",
      "'''a''' ",
      '`\\',
      'COPY FROM STDIN (',
      'INSERT FORMAT ',
      'IDENTIFIED BY a',
      'SET PASSWORD = a;',
      'ALTER USER a PASSWORD ',
      'VACUUM (a) b;',
      'VACUUM (',
      'COPY FROM STDIN ',
      'COPY t FROM STDIN (a) ',
      'FROM /',
      '=~ /\\',
      'EXEC p a,',
      'SET a.b = c;',
    ]) {
      for (const system of ['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other']) {
        for (const text of [part.repeat(20_000), `'${part.repeat(20_000)}`]) {
          const dialect = dialectOf(system)
          const read = hidePasswords(hideSettings(tokenizeSql(text, dialect)))
          const tokens = hideBareValues(read, dialect)
          sanitizeSql(tokens)
          summarizeSql(tokens)
        }
      }
    }
    expect(process.cpuUsage(started).user).toBeLessThan(15_000_000)
  })
})
