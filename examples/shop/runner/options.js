import { parseArgs } from 'node:util'

/** What `--help` prints. */
export const help = `npm start                  runs the shop and the viewer, sends orders and shows each one's call chain
npm start -- --once        sends one order of each kind, checks its chain, and ends; starts no viewer,
                           but sends to one that runs

  --logs                   print the services' log lines too
  --with-index             create the index that the slow order's query misses
  --help                   print this

Environment
  DATABASE_URL             a Postgres to use in place of the embedded one
  PORT_GATEWAY …           fixed ports: PORT_GATEWAY, PORT_ORDERS, PORT_INVENTORY, PORT_DATABASE,
                           PORT_VIEWER (4318, where nothing else has it)
  LOG_FILE                 the file for the log lines, in place of logs/shop.jsonl
  OTEL_EXPORTER_OTLP_ENDPOINT
                           an OTLP/HTTP endpoint that gets every span as well
  OTEL_TRACES_EXPORTER=zipkin, OTEL_EXPORTER_ZIPKIN_ENDPOINT
                           a Zipkin that gets every span as well
  NO_COLOR, FORCE_COLOR    colours off or on`

/**
 * @param {string[]} argv
 * @throws {TypeError} for an option that does not exist
 */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      once: { type: 'boolean', default: false },
      logs: { type: 'boolean', default: false },
      'with-index': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return values
}
