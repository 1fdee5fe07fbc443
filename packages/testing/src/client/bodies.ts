import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import type { ClientPromise } from './client-promise.ts'

const MORE_THAN_BUFFERS = 16 * 1024 * 1024

/** Promises about bodies that are read, cancelled, left alone, or not there. */
export const bodies: readonly ClientPromise[] = [
  {
    name: 'ends with the last byte of a body that is read',
    check: async ({ client, clientSpan, recorder, target }) => {
      const send = await client()
      const begun = createSignal<ServerResponse>()
      const { origin } = await target((_req, res) => {
        res.write('first part, ')
        begun.resolve(res)
      })
      const answer = await send({ url: origin })
      const read = answer.text()
      assert.deepEqual(recorder.spans(), [])
      const response = await begun.promise
      response.end('last part')
      assert.equal(await read, 'first part, last part')
      assertSpan(await clientSpan(), {
        status: 'unset',
        attributes: { 'http.response.status_code': 200 },
      })
    },
  },
  {
    name: 'is not an error when the body is cancelled',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => {
        res.write('first part')
      })
      const answer = await send({ url: origin })
      assert.equal(answer.status, 200)
      await answer.cancel()
      assertSpan(await clientSpan(), {
        status: 'unset',
        attributes: { 'http.response.status_code': 200 },
      })
    },
  },
  {
    name: 'ends with its headers when nobody reads the body',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => res.end(Buffer.alloc(MORE_THAN_BUFFERS)))
      const before = performance.now()
      const answer = await send({ url: origin })
      const elapsed = performance.now() - before
      const span = await clientSpan()
      assertSpan(span, { status: 'unset', attributes: { 'http.response.status_code': 200 } })
      const [seconds, nanoseconds] = span.duration
      const lasted = seconds * 1000 + nanoseconds / 1e6
      // Its clock counts in whole milliseconds.
      assert.ok(
        lasted <= elapsed + 2,
        `it lasted ${lasted} ms, of which the headers took ${elapsed}`,
      )
      await answer.cancel()
    },
  },
  {
    name: 'ends where there is no body',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => res.writeHead(204).end())
      for (const method of ['GET', 'HEAD']) {
        const answer = await send({ url: origin, method })
        assert.deepEqual([answer.status, await answer.text()], [204, ''])
      }
      for (const span of await clientSpans(2)) {
        assertSpan(span, { status: 'unset', attributes: { 'http.response.status_code': 204 } })
      }
    },
  },
  {
    name: 'has the status of the answer, not of the early hints before it',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => {
        res.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => res.end('fine'))
      })
      const answer = await send({ url: origin })
      assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
      assertSpan(await clientSpan(), { attributes: { 'http.response.status_code': 200 } })
    },
  },
]
