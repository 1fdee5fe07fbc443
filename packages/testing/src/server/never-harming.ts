import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { currentTrace, type TracingOptions } from '@callchain/core'
import { context, trace } from '@opentelemetry/api'
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import type { ServerPromise } from './server-promise.ts'

const reject = (): Promise<never> => Promise.reject(new Error('the hook rejected'))

// What the types forbid, and plain JavaScript may still pass.
const REJECTING = {
  ignore: reject,
  attributes: reject,
  onEnd: reject,
  recordDuration: reject,
} as unknown as TracingOptions

const broken = (): never => {
  throw new Error('the processor broke')
}

function processorWith(hook: 'onStart' | 'onEnd'): SpanProcessor {
  const nothing = async (): Promise<void> => {}
  const idle = { onStart() {}, onEnd() {}, forceFlush: nothing, shutdown: nothing }
  return { ...idle, [hook]: broken }
}

/** Promises that the application is left as it is, whatever goes wrong in what observes it. */
export const neverHarming: readonly ServerPromise[] = [
  {
    name: 'is not harmed by a hook that rejects, and leaves no rejection unhandled',
    check: async ({ serve, serverSpan }) => {
      const unhandled: unknown[] = []
      const note = (reason: unknown): void => void unhandled.push(reason)
      process.on('unhandledRejection', note)
      try {
        const app = await serve({ tracing: REJECTING })
        assert.equal((await app.get('/items/7')).status, 200)
        assertSpan(await serverSpan(), { name: 'GET /items/:id', status: 'unset', events: [] })
        await turn()
        assert.deepEqual(unhandled, [])
      } finally {
        process.off('unhandledRejection', note)
      }
    },
  },
  {
    name: 'is not harmed by attributes from a hook that cannot be read',
    check: async ({ serve, serverSpan }) => {
      const attributes = () => ({
        get 'app.hint'(): string {
          throw new Error('not to be read')
        },
      })
      const app = await serve({ tracing: { attributes } })
      assert.equal((await app.get('/items/7')).status, 200)
      assertSpan(await serverSpan(), { name: 'GET /items/:id', status: 'unset', events: [] })
    },
  },
  {
    name: 'is not harmed by a span processor that throws',
    check: async ({ serve }) => {
      for (const hook of ['onStart', 'onEnd'] as const) {
        const tracerProvider = new TracerProvider({ spanProcessors: [processorWith(hook)] })
        const app = await serve({ tracing: { tracerProvider } })
        const { status, text } = await app.get('/items/7')
        assert.deepEqual([hook, status, JSON.parse(text)], [hook, 200, { id: '7' }])
      }
    },
  },
  {
    name: 'keeps the context that the application itself binds the request to',
    check: async ({ serve, serverSpans }) => {
      let seen: string | undefined
      let expected: string | undefined
      const app = await serve({
        handler: async (request) => {
          const child = trace.getTracer('application').startSpan('upload')
          expected = child.spanContext().spanId
          context.bind(trace.setSpan(context.active(), child), request.raw)
          const ended = createSignal()
          request.raw.on('end', () => {
            seen = currentTrace()?.spanId
            ended.resolve()
          })
          request.raw.resume()
          await ended.promise
          child.end()
          request.reply(200, {})
        },
      })
      await app.get('/items/7')
      await serverSpans(1)
      assert.ok(expected)
      assert.equal(seen, expected)
    },
  },
]
