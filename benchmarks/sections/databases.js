import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startChild } from '../harness/child.js'
import { runRounds } from '../harness/rounds.js'
import { compared, packagesOf, table } from '../harness/table.js'
import { versions } from '../harness/versions.js'
import { cellsOf, databases as subjectsOf, variants } from '../outbound/cells.js'
import { openPostgres } from '../outbound/postgres.js'
import { startCaller } from '../outbound/start-caller.js'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What a traced pool adds to a statement. */
export const databases = {
  title: 'A statement',
  subjects: subjectsOf,

  async measure(options) {
    const postgres = await openPostgres()
    const sink = await startChild(file('load/sink.js'))
    try {
      const version = await createItems(postgres.url)
      const subjects = Object.keys(subjectsOf).filter((name) => options.subjects.has(name))
      const surroundings = { sink, target: postgres.url }
      const start = (cell) => startCaller(cell, surroundings, options)
      const results = await runRounds(
        { subjects, cellsOf: (name) => cellsOf(name, options), start },
        options,
      )
      return { ...results, server: `${postgres.kind} ${version}` }
    } finally {
      await Promise.all([sink.stop(), postgres.stop()])
    }
  },

  render: ({ summary, server }) => `\
What a traced pool adds to a statement, next to the OpenTelemetry instrumentation of the same driver.

- A statement is \`SELECT id, name, price FROM … WHERE order_id = $1 ORDER BY id\` with five rows,
  through \`pool.query\` of pg; a pool has two connections, and two statements are in progress at once.
- The server (${server}) runs in its own process: only the driver's side counts.
- All statements run within a request whose SERVER span is their parent. Sampled: its \`traceparent\`
  has the flag 01, and each statement's CLIENT span is exported. Unsampled: it has the flag 00, and
  none is.

${table(summary, { subjects: subjectsOf, variants, unit: 'statement', base: 'instrumentation' })}

${compared(summary, variants)}

Versions: ${versions(['pg', ...packagesOf(summary, variants)].filter(isOfDatabases))}.`,
}

const isOfDatabases = (name) => !/-undici$|-http$|\/clients$/.test(name)

async function createItems(connectionString) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('DROP TABLE IF EXISTS benchmark_items')
    await client.query(
      'CREATE TABLE benchmark_items (id int PRIMARY KEY, order_id int, name text, price numeric)',
    )
    await client.query(
      "INSERT INTO benchmark_items SELECT n, n % 20, 'item ' || n, n * 1.5 FROM generate_series(1, 100) n",
    )
    await client.query('CREATE INDEX ON benchmark_items (order_id)')
    const { rows } = await client.query('SHOW server_version')
    return rows[0].server_version.split(' ')[0]
  } finally {
    await client.end()
  }
}
