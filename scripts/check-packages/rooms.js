import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { importsOf } from './imports.js'

/**
 * The rooms of each package, the upper ones first: a room imports only rooms below it, types
 * included. Files beside the rooms are the package's doors, which import any of them. What each room
 * is for stands in docs/architecture.md.
 */
export const rooms = {
  'core/src': [
    ...[
      'node',
      'rpc',
      'server',
      'client',
      'database',
      'message',
      'job',
      'logs',
      'errors',
      'propagation',
    ],
    'identity',
    ...['keep', 'trust', 'context', 'http', 'w3c', 'otel'],
  ],
  'clients/src': ['fetch', 'axios', 'undici', 'node', 'call'],
  'messaging/src': [
    ...['bullmq', 'amqplib', 'kafkajs', 'nats', 'pg-boss', 'platformatic-kafka', 'sqs'],
    ...['delivery', 'wrapping'],
  ],
  'databases/src': [...['ioredis', 'redis', 'mongodb', 'mysql2', 'pg', 'reading', 'sql', 'driver']],
  'graphql/src': ['schema', 'operation'],
  'nest/src': ['microservice', 'websocket'],
  'recorder/src': ['tracer', 'span', 'otlp', 'rules'],
  'sdk/src': [
    ...[
      'file',
      'record',
      'metrics',
      'logs',
      'keep',
      'export',
      'console',
      'redact',
      'config',
      'guard',
      'report',
      'lazy',
    ],
  ],
  'sockets/src': ['ws', 'socket-io', 'connection'],
  'viewer/src': [
    ...[
      'cli',
      'diff',
      'public',
      'server',
      'mcp',
      'compat',
      'api',
      'text',
      'onward',
      'ingest',
      'http',
      'formats',
      'analysis',
    ],
    ...['store', 'query', 'trace', 'otlp', 'model', 'settings', 'address', 'contract'],
  ],
  'viewer/page': [
    ...['app', 'receiver', 'operations', 'traces', 'trace', 'map', 'logs', 'panel', 'query'],
    ...['ui', 'lists', 'navigation', 'api', 'format', 'style'],
  ],
}

/** The imports that go up, or into a package's doors, one sentence each. */
export function checkRooms(packagesFolder) {
  return Object.entries(rooms).flatMap(([base, names]) =>
    filesOf(`${packagesFolder}/${base}`).flatMap((file) =>
      importsWithin(`${packagesFolder}/${base}/${file}`, file)
        .filter(({ to }) => !isAllowed(roomOf(file), roomOf(to), names))
        .map(
          ({ to, line }) => `packages/${base}/${file}:${line} imports ${to}, which is not below it`,
        ),
    ),
  )
}

function filesOf(folder) {
  if (!existsSync(folder)) throw new Error(`rooms.js lists ${folder}, which does not exist`)
  return readdirSync(folder, { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(?<!\.d)\.tsx?$/.test(file) && !file.startsWith('dist/'))
}

/** What a file imports of the same tree, with the paths from the tree's root. */
function importsWithin(path, file) {
  return importsOf(file, readFileSync(path, 'utf8'))
    .filter(({ from }) => from.startsWith('.'))
    .map(({ from, line }) => ({ to: posix.join(posix.dirname(file), from), line }))
    .filter(({ to }) => !to.startsWith('..'))
}

/** A file's room; '' for a door. */
function roomOf(file) {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
}

function isAllowed(from, to, names) {
  if (from === '' || from === to) return from === '' || names.includes(from)
  const [upper, lower] = [names.indexOf(from), names.indexOf(to)]
  return upper >= 0 && lower > upper
}
