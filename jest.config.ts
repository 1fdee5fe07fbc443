/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'

/** What says where the server of a `*.server.test.ts` is, or each of its servers. */
const servers = {
  'pg.server': 'DATABASE_URL',
  'mysql2.server': 'MYSQL_URL',
  'mysql2-orms.server': 'MYSQL_URL',
  'mysql2-clusters.server': 'MYSQL_URL',
  'ioredis.server': 'REDIS_URL',
  'redis.server': 'REDIS_URL',
  'redis-batches.server': 'REDIS_URL',
  'redis-nodes.server': 'REDIS_SENTINEL_URL',
  'bullmq.server': 'REDIS_URL',
  'transports.server': ['REDIS_URL', 'NATS_URL'],
  'bullmq-telemetry.server': 'REDIS_URL',
  'bullmq-sandbox.server': 'REDIS_URL',
  'pg-boss.server': 'DATABASE_URL',
  'pg-boss-telemetry.server': 'DATABASE_URL',
  'amqplib.server': 'AMQP_URL',
  'kafkajs.server': 'KAFKA_URL',
  'platformatic-kafka.server': 'KAFKA_URL',
  'nats.server': 'NATS_URL',
  'sqs.server': 'SQS_URL',
  'mongodb.server': 'MONGODB_URL',
  'mongoose.server': 'MONGODB_URL',
  'backends.server': ['ZIPKIN_URL', 'VICTORIALOGS_URL', 'COLLECTOR_PROGRAM'],
  'outages.server': ['ZIPKIN_URL', 'VICTORIALOGS_URL', 'COLLECTOR_PROGRAM'],
  'every-field.server': ['ZIPKIN_URL', 'VICTORIALOGS_URL', 'COLLECTOR_PROGRAM'],
  'jaeger.server': ['JAEGER_URL', 'JAEGER_OTLP_URL'],
}
const leftOut = Object.entries(servers).filter(([, variables]) =>
  [variables].flat().some((variable) => !process.env[variable]),
)
if (leftOut.length > 0 && process.env.npm_lifecycle_event === 'test') {
  const names = leftOut.map(([name]) => name.replace('.server', '')).join(', ')
  process.stderr.write(
    `Skipped (no server configured): ${names}. To run them: node scripts/database-servers.js npm test\n`,
  )
}

/** The `*.browser.test.ts` run where this variable names a Chromium. */
const hasBrowser = Boolean(process.env.CHROMIUM)
if (!hasBrowser && process.env.npm_lifecycle_event === 'test')
  process.stderr.write(
    "Skipped (no browser configured): the viewer's page. To run its tests: CHROMIUM=/usr/bin/chromium npm test\n",
  )

/** Libraries that are ES modules alone, which Jest's own modules are not. */
const esmAlone = [
  'pg-boss/',
  '@platformatic/',
  'platformatic-kafka',
  'serialize-error/',
  'non-error/',
  'rrule-temporal/',
  'temporal-spec/',
]
const ESM_ALONE = `/node_modules/(${esmAlone.join('|')}).*\\.js$`

// The tests talk to this machine alone, whatever proxy leads out of it.
process.env.NO_PROXY = '*'
process.env.no_proxy = '*'

const config: Config = {
  testEnvironment: 'node',
  // A suite that ends late would otherwise have Jest write a warning into the next suite's stderr, which tests read.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  // A promise of a contract gives up earlier, and says which it is.
  testTimeout: 90_000,
  ...(process.env.CALLCHAIN_CONVENTIONS && {
    setupFilesAfterEnv: ['<rootDir>/test/conventions/check-recorded.ts'],
  }),
  globalTeardown: '<rootDir>/test/end-of-run.ts',
  testPathIgnorePatterns: [
    '/node_modules/',
    ...leftOut.map(([name]) => `/${name.replace('.', '\\.')}\\.test\\.ts$`),
    ...(hasBrowser ? [] : ['\\.browser\\.test\\.ts$']),
  ],
  testMatch: [
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/examples/*/test/**/*.test.ts',
    '<rootDir>/test/**/*.test.ts',
  ],
  transform: {
    '\\.ts$': '@swc/jest',
    // SWC takes this ending for JavaScript.
    '\\.cts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' } } }],
    '/examples/.*\\.js$': '@swc/jest',
    [ESM_ALONE]: '@swc/jest',
  },
  transformIgnorePatterns: [`/node_modules/(?!${esmAlone.join('|')})`],
  moduleNameMapper: {
    '^@callchain/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@callchain/sockets/socket\\.io$': '<rootDir>/packages/sockets/src/socket.io.ts',
    '^@callchain/([^/]+)/([^/.]+)$': '<rootDir>/packages/$1/src/$2.ts',
  },
}

export default config
