import type { Settings } from '../setting.ts'

const CHECKS = `import request from 'supertest'
import { expectSpans } from '../../test/doc-examples/harness.ts'`

/** The examples of the adapters. */
export const adapters: Settings = {
  'express/tracing': {
    before: `${CHECKS}
import express from 'express'`,
    after: `await request(app).get('/health')
await request(app).get('/orders/7').expect({ id: '7' })
await expectSpans('GET /orders/:id')`,
  },
  'express/tracingErrors': {
    before: `import express, { type RequestHandler } from 'express'
import request from 'supertest'
import { tracing, tracingErrors } from '@callchain/express'
import { expectAttributes } from '../../test/doc-examples/harness.ts'
const app = express()
const showOrder: RequestHandler = () => {
  throw new RangeError('no such order')
}`,
    after: `await request(app).get('/orders/7').expect(500, 'Sorry')
await expectAttributes({ 'error.type': 'RangeError', 'http.route': '/orders/:id' })`,
  },
  'koa/tracing': {
    before: `${CHECKS}
import Router from '@koa/router'
import Koa from 'koa'
const router = new Router().get('/orders/:id', (ctx) => {
  ctx.body = 'an order'
})`,
    after: `await request(app.callback()).get('/health')
await request(app.callback()).get('/orders/7').expect(200)
await expectSpans('GET /orders/:id')`,
  },
  'fastify/tracing': {
    before: `${CHECKS}
import fastify from 'fastify'`,
    after: `await app.ready()
await request(app.server).get('/health')
await request(app.server).get('/orders/7').expect({ id: '7' })
await expectSpans('GET /orders/:id')
await app.close()`,
  },
  'hono/tracing': {
    before: `import { deepStrictEqual } from 'node:assert'
import { Hono } from 'hono'
import { expectSpans } from '../../test/doc-examples/harness.ts'`,
    after: `await app.request('/health')
deepStrictEqual(await (await app.request('/orders/7')).json(), { order: '7' })
await expectSpans('GET /orders/:id')`,
  },
  'node/traceListener': {
    before: CHECKS,
    after: `await request(server).get('/').expect('hello')
server.close()
await expectSpans('GET')`,
    instead: { 'createServer(': 'const server = createServer(', '3000': '0' },
  },
  'node/traceServer': {
    before: `${CHECKS}
import { createServer } from 'node:http'
const app = createServer((_, res) => res.end('hello'))`,
    after: `await request(server).get('/').expect('hello')
server.close()
await expectSpans('GET')`,
    instead: { '3000': '0' },
  },
  'nest/TracingModule': {
    onlyCompiled: 'a Nest application is run by the tests of the package',
    before: `import { Module } from '@nestjs/common'
class OrdersController {}`,
  },
  'nest/traceMicroservice': {
    onlyCompiled: 'a Nest application is run by the tests of the package',
    before: `import type { INestApplication } from '@nestjs/common'
import { ServerTCP } from '@nestjs/microservices'
import { traceMicroservice } from '@callchain/nest'
declare const app: INestApplication`,
  },
  'nest/traceClientProxy': {
    onlyCompiled: 'a Nest application is run by the tests of the package',
    before: `import { ClientProxyFactory, Transport } from '@nestjs/microservices'
import { traceClientProxy } from '@callchain/nest'`,
    after: 'void stock',
  },
  'nest/traceWebSocketAdapter': {
    onlyCompiled: 'a Nest application is run by the tests of the package',
    before: `import type { INestApplication } from '@nestjs/common'
import { WsAdapter } from '@nestjs/platform-ws'
import { traceWebSocketAdapter } from '@callchain/nest'
import { traceWebSocketServer } from '@callchain/sockets/ws'
declare const app: INestApplication`,
  },
  'nest/Traced': {
    before: `import { deepStrictEqual } from 'node:assert'
import { Injectable } from '@nestjs/common'
import { Traced } from '@callchain/nest'
import { expectSpans } from '../../test/doc-examples/harness.ts'
const database = { priceOf: async (_: string) => 7 }`,
    after: `deepStrictEqual(await new Prices().of('pen'), 7)
await expectSpans('Prices.of')`,
    instead: { 'this.database': 'database' },
  },
}
