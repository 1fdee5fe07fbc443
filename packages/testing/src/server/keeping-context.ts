import assert from 'node:assert/strict'
import { readFile } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { currentTrace, tenant } from '@callchain/core'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import type { ServerPromise } from './server-promise.ts'

const here = (): string => currentTrace()?.spanId ?? 'none'

const TENANT = { baggage: 'tenant.id=acme' }

/** Promises about where the request's context is kept. */
export const keepingContext: readonly ServerPromise[] = [
  {
    name: 'keeps the context across await, timers and callbacks',
    check: async ({ serve, serverSpan }) => {
      const seen: Record<string, string> = {}
      const app = await serve({
        handler: async (request) => {
          seen['at once'] = here()
          await Promise.resolve()
          seen['after await'] = here()
          await wait(1)
          seen['after a timer'] = here()
          await new Promise<void>((resolve) => setImmediate(resolve))
          seen['after setImmediate'] = here()
          await new Promise<void>((resolve) => {
            process.nextTick(() => {
              seen['in nextTick'] = here()
              resolve()
            })
          })
          await new Promise<void>((resolve) => {
            readFile('/no/such/file', () => {
              seen['in a callback'] = here()
              resolve()
            })
          })
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      const { spanId } = (await serverSpan()).spanContext()
      for (const [where, found] of Object.entries(seen)) assert.equal(found, spanId, where)
      assert.equal(Object.keys(seen).length, 6)
    },
  },
  {
    name: 'keeps the context across body parsing',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown
      const app = await serve({
        handler: (request) => {
          seen = [here(), tenant.get(), JSON.stringify(request.body)]
          request.reply(201, {})
        },
      })
      await app.get('/items', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...TENANT },
        body: '{"name":"lamp"}',
      })
      const span = await serverSpan()
      assert.deepEqual(seen, [span.spanContext().spanId, 'acme', '{"name":"lamp"}'])
      assertSpan(span, { name: 'POST /items', attributes: { 'http.response.status_code': 201 } })
    },
  },
  {
    name: "keeps the context in listeners of the request's data and end",
    check: async ({ serve, serverSpan }) => {
      const seen: unknown[] = []
      const app = await serve({
        handler: async (request) => {
          const ended = createSignal()
          request.raw.on('data', () => seen.push([here(), tenant.get()]))
          request.raw.on('end', () => {
            seen.push([here(), tenant.get()])
            ended.resolve()
          })
          await ended.promise
          seen.push([here(), tenant.get()])
          request.reply(200, {})
        },
      })
      await app.get('/items', {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', ...TENANT },
        body: 'bytes',
      })
      const { spanId } = (await serverSpan()).spanContext()
      assert.deepEqual(seen, Array(3).fill([spanId, 'acme']))
    },
  },
  {
    name: "keeps the context in listeners of the response's finish and close",
    check: async ({ serve, serverSpan }) => {
      const seen: unknown[] = []
      const closed = createSignal()
      const app = await serve({
        handler: (request) => {
          const response = request.takeOver()
          response.on('finish', () => seen.push([here(), tenant.get()]))
          response.on('close', () => {
            seen.push([here(), tenant.get()])
            closed.resolve()
          })
          response.end('done')
        },
      })
      await app.get('/items/7', { headers: TENANT })
      await closed.promise
      const { spanId } = (await serverSpan()).spanContext()
      assert.deepEqual(seen, Array(2).fill([spanId, 'acme']))
    },
  },
  {
    name: 'keeps the context where the body of a response is made, part by part',
    check: async ({ serve, serverSpan }) => {
      const seen: unknown[] = []
      async function* parts(): AsyncGenerator<string> {
        for (const part of ['one', 'two']) {
          seen.push([here(), tenant.get()])
          await wait(1)
          yield part
        }
        seen.push([here(), tenant.get()])
      }
      const app = await serve({ handler: (request) => request.stream(Readable.from(parts())) })
      const { text } = await app.get('/items/7', { headers: TENANT })
      assert.equal(text, 'onetwo')
      const { spanId } = (await serverSpan()).spanContext()
      assert.deepEqual(seen, Array(3).fill([spanId, 'acme']))
    },
  },
  {
    name: 'hands the context from authentication on to the handler',
    check: async ({ serve, serverSpan }) => {
      let seen: unknown
      const app = await serve({
        authenticate: async () => {
          await wait(1)
          tenant.set('acme')
          return false
        },
        handler: (request) => {
          seen = [here(), tenant.get()]
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      assert.deepEqual(seen, [(await serverSpan()).spanContext().spanId, 'acme'])
    },
  },
]
