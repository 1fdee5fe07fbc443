import { describe, expect, it } from '@jest/globals'
import { dialectOf } from '../src/sql/dialect.ts'
import { summarizeSql } from '../src/sql/summarize.ts'
import { tokenizeSql } from '../src/sql/tokenize.ts'

const summarize = (text: string): string | undefined =>
  summarizeSql(tokenizeSql(text, dialectOf('postgresql')))

describe('the summary of a statement', () => {
  it.each([
    ["SELECT * FROM songs, artists a WHERE a.x = 'from y'", 'SELECT songs artists'],
    ['select * from public.songs', 'select public.songs'],
    ['SELECT a FROM b JOIN "my c" ON b.x = c.x LEFT JOIN d USING (x)', 'SELECT b "my c" d'],
    ['SELECT a FROM (SELECT * FROM b JOIN c ON true) d', 'SELECT SELECT b c'],
    ['SELECT a, (SELECT max(x) FROM b) FROM c, d', 'SELECT SELECT b c d'],
    ['(SELECT a FROM b) UNION (SELECT c FROM d)', 'SELECT b SELECT d'],
    ['SELECT a FROM b WHERE c IN (SELECT d FROM e WHERE f IN ($1, $2))', 'SELECT b SELECT e'],
    ['SELECT extract(year FROM at), substring(a from 2) FROM t', 'SELECT t'],
    ['SELECT a FROM t WHERE a IS DISTINCT FROM b', 'SELECT t'],
    ['SELECT replace(a, $1, $2) FROM t FOR UPDATE', 'SELECT t'],
    ['SELECT n FROM generate_series(1, 5) AS n', 'SELECT generate_series'],
    ['SELECT 1', 'SELECT'],
    ['INSERT INTO t (a, b) VALUES ($1, $2)', 'INSERT t'],
    ['INSERT INTO t (a) SELECT b FROM u WHERE c = 1', 'INSERT t SELECT u'],
    ['INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 2', 'INSERT t'],
    ['UPDATE ONLY shop.t SET a = 1 FROM u WHERE t.x = u.x', 'UPDATE shop.t u'],
    ['DELETE FROM t USING u WHERE t.x = u.x', 'DELETE t u'],
    ['MERGE INTO t USING u ON t.x = u.x WHEN MATCHED THEN UPDATE SET a = 1', 'MERGE t u'],
    [
      'WITH x AS (SELECT 1 FROM a), y(b, c) AS (DELETE FROM d RETURNING *) SELECT * FROM x',
      'SELECT a DELETE d SELECT x',
    ],
    ['WITH x (a, b) AS (SELECT 1) INSERT INTO t SELECT * FROM x', 'SELECT INSERT t SELECT x'],
    ['BEGIN; UPDATE a SET b = 1; COMMIT', 'BEGIN UPDATE a COMMIT'],
    ['CREATE TABLE IF NOT EXISTS a.b (id int REFERENCES c ON DELETE CASCADE)', 'CREATE TABLE a.b'],
    ['CREATE UNIQUE INDEX CONCURRENTLY i ON t (x)', 'CREATE INDEX i'],
    ['TRUNCATE t', 'TRUNCATE t'],
    ['CALL p(1)', 'CALL p'],
    ['EXPLAIN ANALYZE SELECT * FROM t', 'EXPLAIN ANALYZE SELECT t'],
    ['LISTEN orders', 'LISTEN'],
    ['COPY item (name) FROM STDIN', 'COPY item'],
    ['COPY shop.item FROM STDIN WITH (FORMAT csv)', 'COPY shop.item'],
    ['COPY (select * from item) TO STDOUT', 'COPY select item'],
    ['COPY INTO t FROM @stage', 'COPY t'],
    ['TRUNCATE TABLE a, b RESTART IDENTITY', 'TRUNCATE TABLE a b'],
    ['DROP TABLE IF EXISTS a, b CASCADE', 'DROP TABLE a b'],
    ['UPSERT INTO t (a) VALUES (1)', 'UPSERT t'],
    ['REPLACE INTO t VALUES (1)', 'REPLACE t'],
    ['INSERT OR REPLACE INTO t VALUES (1)', 'INSERT t'],
    ['INSERT INTO TABLE t SELECT a FROM u', 'INSERT t SELECT u'],
    ['INSERT t (a) VALUES (1)', 'INSERT t'],
    ['MERGE t USING u ON t.x = u.x WHEN NOT MATCHED THEN INSERT (a) VALUES (1)', 'MERGE t u'],
    ['VACUUM', 'VACUUM'],
    ['VACUUM (FULL, ANALYZE) t', 'VACUUM t'],
    ['VACUUM FULL ANALYZE t', 'VACUUM t'],
    ['ANALYZE t (a)', 'ANALYZE t'],
    ['ANALYZE TABLE t', 'ANALYZE t'],
    ['LOCK TABLE t IN SHARE MODE', 'LOCK t'],
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY v', 'REFRESH VIEW v'],
    ['REINDEX TABLE t', 'REINDEX TABLE t'],
    ["COMMENT ON TABLE t IS 'x'", 'COMMENT TABLE t'],
    ['DESCRIBE t', 'DESCRIBE t'],
    ["LOAD DATA INFILE 'f' INTO TABLE t", 'LOAD t'],
    ['EXPLAIN (ANALYZE, BUFFERS) UPDATE t SET a = 1', 'EXPLAIN UPDATE t'],
    ['EXPLAIN ANALYZE VERBOSE INSERT INTO t VALUES (1)', 'EXPLAIN ANALYZE INSERT t'],
    ['DECLARE c CURSOR FOR SELECT * FROM t', 'DECLARE SELECT t'],
    ['FETCH 10 FROM c', 'FETCH'],
    ['GRANT SELECT, UPDATE ON t TO jane', 'GRANT'],
    ['REVOKE SELECT ON t FROM jane', 'REVOKE'],
    ["NOTIFY orders, 'x'", 'NOTIFY'],
    ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", 'CREATE SUBSCRIPTION s'],
    ['SET search_path TO secret', 'SET'],
    ["jane@example.com 'x'", undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(summarize(text)).toBe(expected)
  })

  it('is cut between two of its words at 255 characters', () => {
    const summary = summarize(
      `SELECT 1 FROM ${Array.from({ length: 100 }, (_, n) => `table_${n}`)}`,
    )
    expect(summary?.length).toBeLessThanOrEqual(255)
    expect(summary).toMatch(/ table_\d+$/)
  })
})
