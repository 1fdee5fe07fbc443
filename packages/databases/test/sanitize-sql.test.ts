import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../src/sql/dialect.ts'
import { sanitizeSql } from '../src/sql/sanitize.ts'
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
    ['sqlite', 'SELECT [a], `b`, "c", x\'ff\', ?12, $name', 'SELECT [a], `b`, "c", ?, ?12, $name'],
    [
      'oracle.db',
      "SELECT q'[it's]', nq'!it's!', :1, :b FROM dual",
      'SELECT ?, ?, :1, :b FROM dual',
    ],
  ])('of %s: %s', (system, text, expected) => {
    expect(sanitize(text, system)).toBe(expected)
  })

  it('of a database nobody knows hides everything behind a quote that may or may not be escaped', () => {
    expect(sanitize("SELECT 'a\\' AND b = 'secret'", 'other')).toBe('SELECT ?')
    expect(sanitize("SELECT \"secret\", q'[it's]'", 'other')).toBe('SELECT ?, ?')
  })

  it.each([
    ["SELECT a # it's\n, 'secret'", 'SELECT a'],
    ["SELECT a --it's\n, 'secret'", 'SELECT a'],
    ["SELECT a -- it's\n, 'secret'", 'SELECT a , ?'],
    ["SELECT [it's], 'secret'", 'SELECT ?'],
    [
      "SELECT a FROM b WHERE c IN ['secret', 'secret'] AND d",
      'SELECT a FROM b WHERE c IN [?, ?] AND d',
    ],
  ])('of a database nobody knows hides what one of two readings shows: %s', (text, expected) => {
    expect(sanitize(text, 'other')).toBe(expected)
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
    ]) {
      for (const system of ['postgresql', 'mysql', 'other']) {
        sanitize(part.repeat(20_000), system)
        sanitize(`'${part.repeat(20_000)}`, system)
      }
    }
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000)
  })
})
