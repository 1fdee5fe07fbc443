import { expect, it, jest } from '@jest/globals'
import {
  createClientTracer,
  createServerTracer,
  currentTrace,
  runIn,
  tenant,
} from '../src/index.ts'
import { answered, incoming, outgoing } from './recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

it('without an SDK, the trace and the identity are passed on, and that is said once', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const server = createServerTracer()
  const headers = {
    traceparent: `00-${TRACE}-${PARENT}-03`,
    tracestate: 'a=1',
    baggage: 'tenant.id=acme,x=1',
  }
  const call = server.receive(incoming(headers))
  await runIn(call, async () => {
    await new Promise(setImmediate)
    expect(tenant.get()).toBe('acme')
    expect(currentTrace()).toMatchObject({ traceId: TRACE, spanId: PARENT })
    const request = outgoing('http://orders/')
    createClientTracer().send(request).receive({ statusCode: 200 })
    expect(request.headers).toEqual(headers)
  })
  call?.send(answered(200))
  server.receive(incoming())?.send(answered(200))
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining('Call startTracing()'), { code: 'CALLCHAIN_NO_SDK' }],
  ])
})

it("without an SDK, a stranger's trace is not passed on either", () => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'a=1', baggage: 'x=1' }
  runIn(createServerTracer({ trust: 'edge' }).receive(incoming(headers)), () => {
    const request = outgoing('http://orders/', { ...headers })
    createClientTracer().send(request).receive({ statusCode: 200 })
    expect(request.headers).toEqual({})
    const own = `00-${'c'.repeat(32)}-${PARENT}-01`
    const other = outgoing('http://orders/', { traceparent: own })
    createClientTracer().send(other).receive({ statusCode: 200 })
    expect(other.headers).toEqual({ traceparent: own })
  })
})
