import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { importsOf } from './imports.js'

const api = '@opentelemetry/api'
const adapter = (...own) => ({ imports: ['@callchain/core', api, ...own], typesOf: [] })

/**
 * What the sources of each package may import besides Node's own modules and their own files;
 * of those in `typesOf` the types alone. docs/architecture.md gives the reasons.
 */
const walls = {
  core: { imports: [api], typesOf: [] },
  express: { ...adapter(), typesOf: ['express', 'express-serve-static-core'] },
  koa: { ...adapter(), typesOf: ['koa', '@koa/router'] },
  fastify: { ...adapter('fastify-plugin'), typesOf: ['fastify'] },
  hono: { ...adapter(), typesOf: ['hono'] },
  nest: adapter('@nestjs/common', '@nestjs/core', 'rxjs'),
  node: adapter(),
  // Its interceptors are objects of grpc-js's own classes.
  grpc: adapter('@grpc/grpc-js'),
  // Only axios itself knows the adapters by their names.
  clients: { ...adapter('axios'), typesOf: ['undici', 'got', 'ky'] },
  databases: {
    ...adapter(),
    typesOf: ['pg', 'mysql2', 'mongodb', 'ioredis', 'redis', '@redis/client'],
  },
  graphql: adapter('graphql'),
  messaging: adapter(),
  sockets: adapter(),
  logs: { ...adapter(), typesOf: ['pino', 'winston', 'bunyan'] },
  recorder: { imports: [api], typesOf: [] },
  sdk: {
    imports: [
      ...['@callchain/core', '@callchain/recorder', '@opentelemetry/', '@grpc/grpc-js', 'yaml'],
    ],
    typesOf: [],
  },
  viewer: { imports: [], typesOf: [], others: true },
  testing: {
    imports: [
      ...['@callchain/core', '@callchain/recorder', '@callchain/viewer'],
      ...['@opentelemetry/', '@jest/globals'],
    ],
    typesOf: [],
  },
}

/** The imports of a package's sources that cross a wall, one sentence each. */
export function checkWalls({ name, folder }) {
  const wall = walls[name]
  if (!wall) return [`packages/${name} is missing in scripts/check-packages/walls.js`]
  if (!existsSync(`${folder}/src`)) return [`packages/${name} has no src`]
  return readdirSync(`${folder}/src`, { recursive: true })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .flatMap((file) =>
      importsOf(file, readFileSync(`${folder}/src/${file}`, 'utf8'))
        .filter((each) => !isAllowed(each, wall))
        .map((each) => {
          const what = each.isType ? 'the types of' : 'the code of'
          return `packages/${name}/src/${file}:${each.line} imports ${what} ${each.from}`
        }),
    )
}

function isAllowed({ from, isType }, wall) {
  if (from.startsWith('.')) return !from.includes('/dist/') && !from.includes('packages/')
  if (isBuiltin(from)) return from.startsWith('node:')
  if (wall.others && !from.startsWith('@callchain/') && !from.startsWith('@opentelemetry/sdk'))
    return true
  const isUnder = (name) => (name.endsWith('/') ? from.startsWith(name) : isOf(from, name))
  return wall.imports.some(isUnder) || (isType && wall.typesOf.some((name) => isOf(from, name)))
}

function isOf(from, name) {
  return from === name || from.startsWith(`${name}/`)
}
