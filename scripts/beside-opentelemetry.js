// Proves what docs/beside-opentelemetry.md says, with the newest auto-instrumentations and agents,
// which are installed in a temporary folder next to the packed packages. On built packages:
// node scripts/database-servers.js node scripts/beside-opentelemetry.js
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './packages.js'

const run = promisify(execFile)
const others = [
  '@fastify/otel',
  '@opentelemetry/auto-instrumentations-node',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-base',
  'dd-trace',
  'elastic-apm-node',
  'newrelic',
  'sentry-10@npm:@sentry/node@10',
  'sentry-11@npm:@sentry/node@11',
]
const traced = [
  '@koa/router',
  'axios',
  'express',
  'fastify',
  'ioredis',
  'koa',
  'mongodb',
  'pg',
  'redis',
]
const vendors = ['sentry-10', 'sentry-11', 'dd-trace', 'newrelic', 'elastic-apm-node']
const SERVER = 1
const CLIENT = 2
/** They make spans of their own for what no page is about. */
const unrelated = 'fs,net,dns,socket.io'
const folder = mkdtempSync(join(tmpdir(), 'callchain-beside-'))

try {
  await install()
  const page = readFileSync(`${root}/docs/beside-opentelemetry.md`, 'utf8')
  const switchedOff = /^OTEL_NODE_DISABLED_INSTRUMENTATIONS=(.+)$/m.exec(page)[1]
  for (const framework of ['express', 'koa', 'fastify']) {
    await step(`${framework}: tracing() enriches the one SERVER span`, () => added(framework))
    await step(`${framework}: handed over, traced and measured once`, () => kept(framework))
    await step(`${framework}: switched off as the page says`, () => moved(framework, switchedOff))
    await step(`${framework}: a stranger's trace is linked`, () => edge(framework, switchedOff))
  }
  await step('@fastify/otel has a SERVER span of its own', () => twice(switchedOff))
  for (const vendor of vendors)
    for (const order of ['first', 'last'])
      await step(`${vendor} started ${order}`, () => besides(vendor, order))
} catch (error) {
  console.error(error.stack)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function install() {
  const tarballs = join(folder, 'tarballs')
  await run(process.execPath, [`${root}/scripts/pack-packages.js`, tarballs])
  const ours = readdirSync(tarballs).map((name) => `file:tarballs/${name}`)
  cpSync(`${root}/scripts/beside-opentelemetry`, folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const quiet = [
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--ignore-scripts',
    '--loglevel=error',
  ]
  await run('npm', ['install', ...quiet, ...ours, ...others, ...traced], { cwd: folder })
  for (const name of others.map((each) => each.split('@npm:')[0])) {
    const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json')))
    console.log(`${name} ${version}`)
  }
}

async function step(promise, check) {
  try {
    await check()
    console.log(`✓ ${promise}`)
  } catch (error) {
    console.error(`✗ ${promise}\n${error.stack}\n${error.stdout ?? ''}${error.stderr ?? ''}`)
    process.exitCode = 1
  }
}

async function serve(framework, { parts, off = '', env = {} }) {
  const { stdout } = await run(process.execPath, ['application.cjs', framework, ...parts], {
    cwd: folder,
    timeout: 60_000,
    env: {
      ...process.env,
      ...env,
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: `${unrelated},${off}`,
      OTEL_LOGS_EXPORTER: 'none',
    },
  })
  return JSON.parse(stdout.slice(stdout.indexOf('{"work"')))
}

async function added(framework) {
  const { spans } = await serve(framework, { parts: ['traced'] })
  const served = spans.filter(
    ({ kind, attributes }) => kind === SERVER && attributes['url.path'] !== '/',
  )
  assert.deepEqual(
    served.map(({ name, scope, attributes }) => [
      name,
      scope,
      attributes['tenant.id'],
      attributes['error.type'],
    ]),
    [
      ['GET /items/:id', '@opentelemetry/instrumentation-http', 'acme', undefined],
      ['GET /broken', '@opentelemetry/instrumentation-http', undefined, 'RangeError'],
      ['GET', '@opentelemetry/instrumentation-http', undefined, undefined],
    ],
  )
}

async function kept(framework) {
  const off = 'mongodb,mongoose,redis'
  const { work, spans, measured } = await serve(framework, { parts: ['traced', 'wrapped'], off })
  assert.equal(spans.filter(({ kind }) => kind === CLIENT).length, work.length)
  assert.equal(measured['http.client.request.duration'], 2)
  assert.equal(measured['db.client.operation.duration'] ?? 0, work.length - 2)
}

async function moved(framework, off) {
  const { work, spans, measured } = await serve(framework, { parts: ['traced', 'wrapped'], off })
  assert.deepEqual([...new Set(spans.map(({ scope }) => scope))], ['@callchain/core'])
  assert.equal(spans.length, 3 + work.length)
  assert.deepEqual([...new Set(spans.map(({ traceId }) => traceId))], ['1'.repeat(32)])
  assert.equal(measured['http.server.request.duration'], 3)
  assert.equal(measured['http.client.request.duration'], 2)
  const request = spans.find(({ name }) => name === 'GET /items/:id')
  assert.equal(request.attributes['tenant.id'], 'acme')
  assert.equal(request.attributes['url.query'], 'token=REDACTED')
}

async function edge(framework, off) {
  const env = { FORWARDED_FOR: '203.0.113.9' }
  const { spans } = await serve(framework, { parts: ['traced'], off, env })
  const served = spans.filter(({ kind }) => kind === SERVER)
  assert.deepEqual(
    served.map(({ links }) => links),
    [1, 1, 1],
  )
  assert.ok(served.every(({ traceId }) => traceId !== '1'.repeat(32)))
}

async function twice(off) {
  const { spans } = await serve('fastify', { parts: ['traced', 'wrapped', 'fastify-otel'], off })
  const served = spans.filter(({ kind }) => kind === SERVER)
  assert.equal(served.length, 6)
}

async function besides(vendor, order) {
  const { stdout } = await run(process.execPath, ['vendor.cjs', vendor, order], {
    cwd: folder,
    timeout: 60_000,
  })
  const { spans, received } = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{"spans"')))
  assert.deepEqual(spans.map(({ name, scope, tenant }) => [name, scope, tenant]).sort(), [
    ['GET /items/:id', '@callchain/core', 'acme'],
    ['GET', '@callchain/core', undefined],
  ])
  const call = spans.find(({ name }) => name === 'GET')
  assert.equal(received.traceparent, `00-${'1'.repeat(32)}-${call.spanId}-01`)
  assert.match(received.baggage, /\btenant\.id=acme\b/)
}
