// Runs the server contract and a part of the client contract in whatever runtime this is, one promise
// after the other, and prints how many hold. scripts/runtimes.js bundles it.
import { clientContract, serverContract } from '@callchain/testing'
import axios from 'axios'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import got from 'got'
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
import { createKoaApp } from '../../packages/koa/test/contract-application.ts'

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
clientContract({ name: 'the client of node http', runner, create: nodeClient })
clientContract({ name: 'the global fetch', runner, create: fetchClient(globalThis.fetch) })
clientContract({ name: 'the fetch of undici', runner, create: fetchClient(undici.fetch) })
clientContract({ name: 'undici', runner, create: undiciClient(undici, 'outside') })
clientContract({ name: 'axios', runner, create: axiosClient(axios, 'http') })
clientContract({ name: 'got', runner, create: gotClient(got) })

// A promise that does not hold may leave an error that nobody waits for.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

const failed: Promised[] = []
for (const promised of promises) {
  if (!(await holds(promised))) failed.push(promised)
}
for (const contract of new Set(promises.map((each) => each.contract))) {
  const all = promises.filter((each) => each.contract === contract)
  const broken = failed.filter((each) => each.contract === contract)
  process.stdout.write(`${contract}: ${all.length - broken.length} of ${all.length}\n`)
  for (const { name } of broken) process.stdout.write(`  not: ${name}\n`)
}
process.exit(0)

async function holds({ check }: Promised): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROMISE_TIMEOUT_MILLIS)
  })
  const checked = check().then(
    () => true,
    () => false,
  )
  const isKept = await Promise.race([checked, late])
  clearTimeout(timer)
  return isKept
}
