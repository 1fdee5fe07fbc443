import type { Settings } from '../setting.ts'

const NO_SERVER = 'no server runs here; *.server.test.ts run the drivers'

/** The examples of @callchain/databases. */
export const databases: Settings = {
  'databases/tracePg': { onlyCompiled: NO_SERVER },
  'databases/traceMysql': { onlyCompiled: NO_SERVER },
  'databases/traceMongo': { onlyCompiled: NO_SERVER },
  'databases/traceIoredis': { onlyCompiled: NO_SERVER },
  'databases/traceRedis': { onlyCompiled: NO_SERVER },
  'databases/traceQuery': {
    before: `import { deepStrictEqual } from 'node:assert'
import { expectSpans } from '../../test/doc-examples/harness.ts'`,
    after: `deepStrictEqual(orders, [])
await expectSpans('SELECT orders')`,
    instead: {
      "import Database from 'better-sqlite3'":
        "import { Database } from '../../test/doc-examples/sqlite.ts'",
    },
  },
}
