// Runs the server contract and a part of the client contract in whatever runtime this is, one promise
// after the other, and prints how many hold. scripts/runtimes.js bundles it. CONTRACTS names those to
// run, as in `CONTRACTS=Hono,traceServer`; all by default.
import { clientContract, serverContract } from '@callchain/testing'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { context, metrics, propagation, trace } from '@opentelemetry/api'
import axios from 'axios'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import got from 'got'
import { Hono } from 'hono'
import Koa from 'koa'
import * as undici from 'undici'
import {
  axiosClient,
  fetchClient,
  gotClient,
  nodeClient,
  undiciClient,
} from '../../packages/clients/test/contract-clients.ts'
import { createExpressApp } from '../../packages/express/test/contract-application.ts'
import { createFastifyApp } from '../../packages/fastify/test/contract-application.ts'
import { createHonoApp } from '../../packages/hono/test/contract-application.ts'
import { createKoaApp } from '../../packages/koa/test/contract-application.ts'
import { listenedApp, servedApp } from '../../packages/node/test/contract-applications.ts'

interface Promised {
  readonly contract: string
  readonly name: string
  readonly check: () => Promise<void>
}

const PROMISE_TIMEOUT_MILLIS = 30_000

const promises: Promised[] = []
const path: string[] = []
const runner = {
  describe: (title: string, body: () => void): void => {
    path.push(title)
    body()
    path.pop()
  },
  it: (name: string, check: () => Promise<void>): void => {
    promises.push({ contract: path[0]?.split(':')[0] ?? '', name, check })
  },
}

serverContract({ name: 'Express 5', runner, createApp: (app) => createExpressApp(express, app) })
serverContract({ name: 'Koa 3', runner, createApp: (app) => createKoaApp(new Koa(), app) })
serverContract({
  name: 'Fastify 5',
  runner,
  createApp: (app) =>
    createFastifyApp(fastify({ http2: app.http2 as true }) as unknown as FastifyInstance, app),
})
serverContract({
  name: 'Hono 4',
  runner,
  createApp: (app) => createHonoApp({ Hono, getRequestListener, RESPONSE_ALREADY_SENT }, app),
})
serverContract({ name: 'traceListener', runner, createApp: listenedApp })
serverContract({ name: 'traceServer', runner, createApp: servedApp })
clientContract({ name: 'the client of node http', runner, create: nodeClient })
clientContract({ name: 'the global fetch', runner, create: fetchClient(globalThis.fetch) })
clientContract({ name: 'the fetch of undici', runner, create: fetchClient(undici.fetch) })
clientContract({ name: 'undici', runner, create: undiciClient(undici, 'outside') })
clientContract({ name: 'axios', runner, create: axiosClient(axios, 'http') })
clientContract({ name: 'got', runner, create: gotClient(got) })

// A promise that does not hold may leave an error that nobody waits for.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

const { CONTRACTS = '' } = process.env
const wanted = promises.filter(({ contract }) =>
  CONTRACTS.split(',').some((word) => contract.includes(word)),
)
const faults = new Map<Promised, string>()
for (const promised of wanted) {
  const fault = await faultOf(promised)
  if (fault === undefined) continue
  faults.set(promised, fault)
  // What one that failed half-way has left registered must not fail the next.
  for (const api of [trace, context, propagation, metrics]) api.disable()
}
for (const contract of new Set(wanted.map((each) => each.contract))) {
  const all = wanted.filter((each) => each.contract === contract)
  const broken = all.filter((each) => faults.has(each))
  process.stdout.write(`${contract}: ${all.length - broken.length} of ${all.length}\n`)
  for (const each of broken) process.stdout.write(`  not: ${each.name} (${faults.get(each)})\n`)
}
process.exit(0)

async function faultOf({ check }: Promised): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it took too long'), PROMISE_TIMEOUT_MILLIS)
  })
  const checked = check().then(
    () => undefined,
    (error) => String(error?.message ?? error).split('\n')[0],
  )
  const fault = await Promise.race([checked, late])
  clearTimeout(timer)
  return fault
}
