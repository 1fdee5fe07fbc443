import assert from 'node:assert/strict'
import { currentTrace } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import type { RpcPromise } from './rpc-promise.ts'
import { RpcFailure, type RpcServing } from './stage.ts'

const fail = (): never => {
  throw new Error('as the contract wants it')
}

/** Promises about the options of a server. */
export const serverOptions: readonly RpcPromise[] = [
  {
    name: 'refuses an option that does not exist when the server starts, and one with a wrong value',
    check: async ({ serve }) => {
      const wrong = [{ trusts: 'auto' }, { trust: 'all' }, { requestMetadata: 'own' }]
      for (const options of wrong) {
        const given = options as unknown as RpcServing['options']
        await assert.rejects(() => serve({ options: given }), TypeError)
      }
    },
  },
  {
    name: 'refuses an option of a client that does not exist, and one with a wrong value',
    check: async ({ connect }) => {
      const target = '127.0.0.1:1'
      assert.throws(() => connect(target, { options: { internalHosts: [''] } }), TypeError)
      assert.throws(() => connect(target, { options: { sends: 'all' } as object }), TypeError)
    },
  },
  {
    name: 'leaves a call out with everything that it causes, and answers it',
    check: async ({ serveUntracedCaller, recorder }) => {
      const caller = await serveUntracedCaller({
        options: { ignore: ({ method }) => method.endsWith('Unary') },
        handlers: {
          unary: async () => `${currentTrace()?.spanId} ${outboundHeaders().traceparent}`,
        },
      })
      assert.deepEqual((await caller.unary('a')).texts, ['undefined undefined'])
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'records the metadata that is named, and no other',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller({
        options: { requestMetadata: ['X-Wanted'], responseMetadata: ['x-Answer'] },
        handlers: {
          unary: async (text, { answerMetadata }) => {
            answerMetadata('x-answer', 'sent')
            return text
          },
        },
      })
      await caller.unary('a', { metadata: { 'x-wanted': 'yes', authorization: 'Bearer s3cret' } })
      const span = await spanOf(SpanKind.SERVER)
      assertSpan(span, {
        attributes: {
          'rpc.request.metadata.x-wanted': ['yes'],
          'rpc.response.metadata.x-answer': ['sent'],
        },
      })
      assert.doesNotMatch(JSON.stringify(span.attributes), /s3cret/)
    },
  },
  {
    name: 'lets the application add attributes, and look at the span before it ends',
    check: async ({ serveUntracedCaller, spanOf, system }) => {
      const ended: unknown[] = []
      const caller = await serveUntracedCaller({
        options: {
          attributes: ({ method }) => ({ 'app.method': method }),
          onEnd: (span, { method }, status) => {
            ended.push([method, status])
            span.setAttribute('app.late', true)
          },
        },
        handlers: {
          unary: async () => {
            throw new RpcFailure('NOT_FOUND')
          },
        },
      })
      await caller.unary('a')
      assertSpan(await spanOf(SpanKind.SERVER), {
        attributes: { 'app.method': `${system.service}/Unary`, 'app.late': true },
      })
      assert.deepEqual(ended, [[`${system.service}/Unary`, 'NOT_FOUND']])
    },
  },
  {
    name: 'goes on when hooks of the application throw',
    check: async ({ serveUntracedCaller, spanOf }) => {
      const caller = await serveUntracedCaller({
        options: { trust: fail, ignore: fail, attributes: fail, onEnd: fail, recordDuration: fail },
      })
      assert.deepEqual((await caller.unary('a')).texts, ['a'])
      await spanOf(SpanKind.SERVER)
    },
  },
]
